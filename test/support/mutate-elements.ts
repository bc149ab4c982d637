/** Damage to a message as a document: it stays well-formed, so it gets past the readers and into the machines. */
import { type Element, NO_CHILDREN } from '../../src-main/base/element.ts';
import { seededRandom } from './mutate.ts';

type Random = () => number;

interface Node {
  page: number;
  name: string;
  content: Element['content'];
  children: Node[];
}

const TREE =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>n</NodeName><RTProperties><ACL>Get=*&amp;Replace=a+b</ACL>' +
  '<Format><node/></Format><Type><DDFName>urn:x</DDFName></Type></RTProperties><Node><NodeName>leaf</NodeName>' +
  '<RTProperties><Format><b64/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>YWI=</Value></Node></Node></MgmtTree>';
const DEEP = '<Node><NodeName>d</NodeName>'.repeat(70) + '</Node>'.repeat(70);

const URIS = [
  '',
  '.',
  './',
  '/',
  './a',
  './a/',
  './/a',
  '../a',
  './a/../b',
  './%zz',
  './%2e',
  './a%2Fb',
  './nowhere',
  './bag',
  './bag/n',
  './bag/n/leaf',
  './a?prop=ACL',
  './bag?prop=ACL',
  './a?prop=Name',
  './a?prop=Format',
  './a?prop=',
  './a?prop=TStamp',
  './a?',
  '.?list=Struct',
  '.?list=StructData',
  './bag?list=StructData',
  './bag?list=TNDS',
  '.?list=TNDS+ACL+Title',
  './a?list=TNDS-ACL',
  './a?list=',
  './DevInfo/DevId',
  './Inbox',
  './now',
  './later',
  `./${'x/'.repeat(60)}x`,
  'x'.repeat(3000),
  './\u{1f4f1}',
  './a\u0001',
  './bag/x\u0001',
  './bag/<&>',
  './bag/%01',
  './bag/\u{1f4f1}',
  './bag/a=b&c+d',
  `./bag/${'n'.repeat(300)}`,
];
const DATA = [
  '',
  ' ',
  '0',
  '1',
  '-1',
  '1100',
  '1101',
  '1102',
  '1103',
  '1104',
  '1200',
  '1201',
  '1222',
  '1223',
  '1224',
  '1225',
  '1226',
  '9'.repeat(20),
  '200',
  '212',
  '213',
  '401',
  '407',
  '425',
  '500',
  '516',
  '299',
  'true',
  'QWNtZQ==',
  'QQ',
  '*',
  'y'.repeat(2000),
  'MINDT=1&MAXDT=2&DR=1',
  'MAXDT=99999999999&MINDT=-1',
  'DR=1-2-99-1',
  'DR=%00%ff+%zz&MAXLEN=0',
  'IT=Z&ET=Q&MAXLEN=999999999',
  'IT=N&DR=abc',
  '&&==&',
  'Add=*',
  'Get=*&Replace=*&Delete=*',
  'Get=a+b+a',
  'Get=',
  '=',
  `Get=${'s+'.repeat(400)}`,
  'Exec=x&Exec=y',
  TREE,
  TREE.replace('leaf', 'n/x'),
  TREE.replace('<b64/>', '<bin/>'),
  TREE.slice(0, -12),
  `<MgmtTree>${DEEP}</MgmtTree>`,
  TREE.replace('<VerDTD>', '<!DOCTYPE a [<!ENTITY b "c">]><VerDTD>'),
];
const NUMBERS = [
  '',
  '0',
  '1',
  '2',
  '3',
  '-1',
  '00',
  '1.5',
  '4294967296',
  '9'.repeat(15),
  '9'.repeat(30),
  'x',
  '50',
  '200',
  '1000000000',
];

/** What an element of a name may be made to say. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  LocURI: URIS,
  TargetRef: URIS,
  SourceRef: URIS,
  LocName: ['', 'dms', 'handset', 'a:b', 'x'.repeat(500)],
  Data: DATA,
  Correlator: ['', 'c', 'x'.repeat(3000), '<&>'],
  Format: ['', 'node', 'null', 'bin', 'b64', 'xml', 'chr', 'int', 'bool', 'float', 'date', 'B64', 'zzz'],
  Type: [
    '',
    'text/plain',
    'application/vnd.syncml.dmtnds+xml',
    'application/vnd.syncml.dmtnds+wbxml',
    'syncml:auth-basic',
    'syncml:auth-md5',
    'syncml:auth-MAC',
    'a/b;c=d',
    'x'.repeat(300),
  ],
  Cmd: ['', 'SyncHdr', 'Get', 'Alert', 'Status', 'Nothing'],
  VerDTD: ['1.1', '1.2', ''],
  VerProto: ['DM/1.1', 'dm/1.2', ''],
  RespURI: ['', 'http://dms.example/other', 'http://evil.example/', 'file:///x', 'IMEI:1', 'x'.repeat(3000)],
};
const NAMES = [
  'Add',
  'Replace',
  'Delete',
  'Copy',
  'Get',
  'Exec',
  'Alert',
  'Atomic',
  'Sequence',
  'Status',
  'Results',
  'Item',
  'Data',
  'Meta',
  'Target',
  'Source',
  'MoreData',
  'Final',
  'CmdID',
  'Cred',
  'Chal',
  'NoResp',
  'Correlator',
  'TargetRef',
  'Sync',
  'Move',
  'Put',
];

type Injury = (root: Node, random: Random, others: readonly Element[]) => void;

const INJURIES: readonly Injury[] = [
  function drop(root, random) {
    const parent = parentIn(root, random);
    parent.children.splice(Math.floor(random() * parent.children.length), 1);
  },
  function duplicate(root, random) {
    const parent = parentIn(root, random);
    const at = Math.floor(random() * parent.children.length);
    const child = parent.children[at];
    if (child === undefined) return;
    const copies = Array.from({ length: 1 + Math.floor(random() ** 4 * 40) }, () => copyOf(child));
    parent.children.splice(at, 0, ...copies);
  },
  function swap(root, random) {
    const { children } = parentIn(root, random);
    const from = Math.floor(random() * children.length);
    const to = Math.floor(random() * children.length);
    const [a, b] = [children[from], children[to]];
    if (a === undefined || b === undefined) return;
    children[from] = b;
    children[to] = a;
  },
  function move(root, random) {
    const from = parentIn(root, random);
    const [child] = from.children.splice(Math.floor(random() * from.children.length), 1);
    const to = parentIn(root, random);
    if (child !== undefined && to !== child)
      to.children.splice(Math.floor(random() * (to.children.length + 1)), 0, child);
  },
  function graft(root, random, others) {
    const from = parentIn(copyOf(pick(others, random)), random);
    const child = pick(from.children, random);
    const to = parentIn(root, random);
    to.children.splice(Math.floor(random() * (to.children.length + 1)), 0, copyOf(child));
  },
  function rename(root, random) {
    const child = pick(parentIn(root, random).children, random);
    if (child.page === 0) child.name = pick(NAMES, random);
  },
  tell,
  tell,
  tell,
];

/** Puts something telling where the element's name gives it a meaning. */
function tell(root: Node, random: Random): void {
  const leaves = nodesIn(root).filter(({ children }) => children.length === 0);
  const known = leaves.filter(({ name }) => CONTENTS[name] !== undefined);
  const leaf = pick(known.length > 0 && random() < 0.7 ? known : leaves, random);
  leaf.content = pick(CONTENTS[leaf.name] ?? NUMBERS, random);
}

/** `count` damaged documents, one to three injuries each. */
export function* elementMutations(roots: readonly Element[], seed: number, count: number): Generator<Element> {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index += 1) {
    const root = copyOf(pick(roots, random));
    const injuries = 1 + Math.floor(random() * 3);
    for (let injury = 0; injury < injuries; injury += 1) pick(INJURIES, random)(root, random, roots);
    yield frozen(root);
  }
}

/** Mostly of what is in SyncBody: a damaged header is refused at the door. */
function parentIn(root: Node, random: Random): Node {
  const body = root.children.find(({ name }) => name === 'SyncBody');
  const parents = nodesIn(body === undefined || random() < 0.1 ? root : body).filter(
    ({ children }) => children.length > 0,
  );
  return parents.length === 0 ? root : pick(parents, random);
}

function nodesIn(node: Node): Node[] {
  return [node, ...node.children.flatMap(nodesIn)];
}

function copyOf(element: Element | Node): Node {
  const { page, name, content, children } = element;
  return { page, name, content, children: children.map(copyOf) };
}

function frozen({ page, name, content, children }: Node): Element {
  return { page, name, content, children: children.length === 0 ? NO_CHILDREN : children.map(frozen) };
}

function pick<T>(choices: readonly T[], random: Random): T {
  const chosen = choices[Math.floor(random() * choices.length)];
  if (chosen === undefined) throw new TypeError('nothing to choose from');
  return chosen;
}
