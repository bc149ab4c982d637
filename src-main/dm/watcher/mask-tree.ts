import type { Element } from '../../base/element.ts';
import type { Data } from '../../syncml/model.ts';
import { asksForSecret, holdsSecret, isSecretAnswer, isSecretName, isSecretNode } from './secret-nodes.ts';

export const MASK = '•••';

/** A copy of a document without its secrets, and what was taken out. */
export interface MaskedTree {
  readonly root: Element;
  readonly secrets: readonly Data[];
}

/** Shorter values would blank half the document where they happen to occur again. */
const MIN_REPEATED = 4;

/**
 * Masks credentials, nonces, and the values of secret nodes, wherever the document has them: as an Item's Data, in an
 * inline tree, in a tree or a provisioning document that is carried as text.
 */
export function maskTree(root: Element): MaskedTree {
  const secrets: Data[] = [];
  const masked = maskElement(root, undefined, secrets);
  const texts = secrets.filter((secret) => typeof secret === 'string' && secret.trim().length >= MIN_REPEATED);
  return { root: texts.length === 0 ? masked : withoutRepeats(masked, texts as string[]), secrets };
}

/** @param uri the node that Items without a name of their own are about. */
function maskElement(element: Element, uri: string | undefined, secrets: Data[]): Element {
  switch (element.name) {
    case 'NextNonce':
      return maskContent(element, secrets);
    case 'Cred':
      return withChildren(element, (child) =>
        child.name === 'Data' ? maskContent(child, secrets) : maskElement(child, uri, secrets),
      );
    case 'Node': {
      // A node of an inline tree (DM Tree and Description Serialization 1.2, 6).
      const name = textOfChild(element, 'NodeName');
      if (name === undefined || !isSecretName(name)) return withChildren(element, (c) => maskElement(c, uri, secrets));
      return withChildren(element, (child) =>
        child.name === 'Value' ? maskContent(child, secrets) : maskElement(child, uri, secrets),
      );
    }
    case 'Results':
    case 'Status':
    case 'Alert':
    case 'Add':
    case 'Replace':
    case 'Exec': {
      const refersTo = textOfChild(element, 'TargetRef') ?? textOfChild(element, 'SourceRef');
      const answers = element.name === 'Status' && textOfChild(element, 'Cmd') === 'Alert';
      const of = answers ? 'Answer' : element.name;
      return withChildren(element, (child) =>
        child.name === 'Item' ? maskItem(child, refersTo, of, secrets) : maskElement(child, uri, secrets),
      );
    }
    case 'Item':
      return maskItem(element, uri, '', secrets);
    default:
      if (element.content !== undefined && holdsSecret(element.content) && mayHoldValue(element)) {
        return maskContent(element, secrets);
      }
      return withChildren(element, (child) => maskElement(child, uri, secrets));
  }
}

function maskItem(item: Element, refersTo: string | undefined, command: string, secrets: Data[]): Element {
  const uri = locationOf(item, 'Target') ?? locationOf(item, 'Source') ?? refersTo;
  return withChildren(item, (child) => {
    if (child.name !== 'Data' || !isSecretValue(command, uri, child.content)) return maskElement(child, uri, secrets);
    return child.children.length > 0 ? maskLeaves(child, secrets) : maskContent(child, secrets);
  });
}

function isSecretValue(command: string, uri: string | undefined, data: Data | undefined): boolean {
  if (uri !== undefined) return isSecretNode(uri);
  // A result without a name may be the answer to a Get of a password.
  if (command === 'Results') return true;
  if (data === undefined) return false;
  return (command === 'Answer' && isSecretAnswer(data)) || (command === 'Alert' && asksForSecret(data));
}

/** Names of secret nodes are no secrets: a LocURI or a type that ends in one of them stays. */
function mayHoldValue(element: Element): boolean {
  switch (element.name) {
    case 'LocURI':
    case 'TargetRef':
    case 'SourceRef':
    case 'RespURI':
      // Only a password inside the address itself.
      return typeof element.content === 'string' && /:\/\/[^/\s@]*:[^/\s@]*@/.test(element.content);
    case 'NodeName':
    case 'URI':
    case 'RelPath':
    case 'Type':
      return false;
    default:
      return true;
  }
}

function maskLeaves(element: Element, secrets: Data[]): Element {
  if (element.children.length === 0) return maskContent(element, secrets);
  return withChildren(element, (child) => maskLeaves(child, secrets));
}

function maskContent(element: Element, secrets: Data[]): Element {
  const inner = element.children.length === 0 ? element : withChildren(element, (child) => maskLeaves(child, secrets));
  if (element.content === undefined || element.content.length === 0) return inner;
  secrets.push(element.content);
  return { ...inner, content: MASK };
}

/** The same value in another place tells as much. */
function withoutRepeats(element: Element, secrets: readonly string[]): Element {
  const { content } = element;
  const repeats =
    typeof content === 'string' && content !== MASK && secrets.some((secret) => content.includes(secret.trim()));
  const inner = withChildren(element, (child) => withoutRepeats(child, secrets));
  return repeats ? { ...inner, content: MASK } : inner;
}

function withChildren(element: Element, change: (child: Element) => Element): Element {
  return element.children.length === 0 ? element : { ...element, children: element.children.map(change) };
}

function locationOf(item: Element, name: 'Target' | 'Source'): string | undefined {
  const location = item.children.find((child) => child.name === name);
  return location === undefined ? undefined : textOfChild(location, 'LocURI');
}

function textOfChild(element: Element, name: string): string | undefined {
  const content = element.children.find((child) => child.name === name)?.content;
  return typeof content === 'string' && content.trim() !== '' ? content.trim() : undefined;
}
