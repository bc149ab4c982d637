import { isPcAgentError } from '../base/errors.ts';
import type { AccountObject } from '../dm/objects/account-object.ts';
import { dmAccSpec, readDmAcc } from '../dm/objects/dm-acc.ts';
import { isDmAccId } from '../dm/objects/object-ids.ts';
import type { ObjectNode } from '../dm/objects/object-node.ts';
import { decodeMessage, encodeMessage } from '../syncml/codec.ts';
import { effectiveMeta, itemBytes, typeOf } from '../syncml/item-data.ts';
import type { Command, Item, Meta } from '../syncml/model.ts';
import { readWbxml } from '../wbxml/reader.ts';
import { writeWbxml } from '../wbxml/writer.ts';
import { readXml } from '../xml/reader.ts';
import { objectsInTree, objectTree } from './account-tree.ts';
import { DOCUMENT_LIMITS, documentError } from './document-limits.ts';

/** MIME types of a serialized tree (DM TND Serialization 1.2, appendix). */
const TNDS_WBXML = 'application/vnd.syncml.dmtnds+wbxml';
const TNDS_XML = 'application/vnd.syncml.dmtnds+xml';
const INBOX = './Inbox';

/** A DM message that adds the account to the Inbox (DM Bootstrap 1.2, 5.4.2); nobody answers it. */
export function writeDmDocument(account: AccountObject, device: string | undefined): Uint8Array {
  const { serverId } = account;
  const tree = objectTree(accountNodeName(serverId), dmAccSpec(account));
  return encodeMessage(
    {
      header: {
        verDtd: '1.2',
        verProto: 'DM/1.2',
        sessionId: '0',
        msgId: 1,
        target: { uri: device ?? '' },
        source: { uri: serverId },
      },
      commands: [
        {
          kind: 'Add',
          cmdId: '1',
          items: [
            {
              target: { uri: INBOX },
              meta: { format: 'bin', type: TNDS_WBXML },
              data: writeWbxml(tree, 'ddf'),
            },
          ],
        },
      ],
      final: true,
    },
    'wbxml',
  );
}

/** Name of an account's node: the server's, where that is one segment of a URI. */
export function accountNodeName(serverId: string): string {
  return serverId.replace(/[/?]/g, '_').slice(0, 100);
}

/**
 * The accounts that a DM message adds to the Inbox; other commands and objects are left out.
 * @throws PcAgentError `provisioning/malformed`, `provisioning/too-large`
 */
export function readDmDocument(bytes: Uint8Array): readonly AccountObject[] {
  if (bytes.length > DOCUMENT_LIMITS.bytes) throw documentError('too-large', 'the document is too large');
  try {
    const { message } = decodeMessage(bytes, 'wbxml');
    return message.commands.flatMap(addedItems).flatMap(({ item, meta }) => accountsIn(item, meta));
  } catch (error) {
    if (isPcAgentError(error, 'provisioning') || !isPcAgentError(error)) throw error;
    throw documentError('malformed', error.message, error.offset);
  }
}

interface Added {
  readonly item: Item;
  readonly meta: Meta | undefined;
}

function addedItems(command: Command): readonly Added[] {
  if (command.kind === 'Atomic' || command.kind === 'Sequence') return command.commands.flatMap(addedItems);
  if (command.kind !== 'Add') return [];
  const inbox = (item: Item): boolean => /^(?:\.\/)?Inbox(?:\/|$)/.test(item.target?.uri ?? '');
  return command.items.filter(inbox).map((item) => ({ item, meta: command.meta }));
}

function accountsIn(item: Item, commandMeta: Meta | undefined): readonly AccountObject[] {
  const objects = objectsOf(item, commandMeta);
  return objects.flatMap((object) => {
    const account = isDmAccObject(object) ? readDmAcc(object) : undefined;
    return account === undefined ? [] : [account];
  });
}

function objectsOf(item: Item, commandMeta: Meta | undefined): readonly ObjectNode[] {
  // A tree may stand in the message itself, by its own code page.
  if (item.markup !== undefined) return item.markup.flatMap(objectsInTree);
  const type = typeOf(effectiveMeta(item, commandMeta));
  if (type !== TNDS_WBXML && type !== TNDS_XML) return [];
  const octets = itemBytes(item, commandMeta);
  if (octets === undefined) return [];
  const { bytes, depth, elements } = DOCUMENT_LIMITS;
  // The parts of a node lie three deep in it.
  const limits = { bytes, depth: depth * 2, elements };
  return objectsInTree(type === TNDS_XML ? readXml(octets, { limits }) : readWbxml(octets, { limits }).root);
}

/** By its identifier; without one, by what it holds (DM 1.1.2 had none). */
function isDmAccObject(object: ObjectNode): boolean {
  if (isDmAccId(object.type)) return true;
  const names = [...object.children.keys()].map((name) => name.toLowerCase());
  return (object.type ?? '') === '' && names.includes('serverid');
}
