import { toBase64 } from '../base/base64.ts';
import { type Duration, milliseconds, seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import { nodeHmacSha1, nodeRandom } from '../base/node/digest.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { BootstrapResult } from '../contract/results.ts';
import type { Account } from '../dm/account.ts';
import type { AccountObject } from '../dm/objects/account-object.ts';
import { putInInbox } from '../link/obex-inbox.ts';
import { type BootstrapDocument, bootstrapDocument } from '../provisioning/bootstrap-document.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace, probableDevice } from './handset-place.ts';
import { knowsUsNot } from './own-account.ts';
import type { HandsetPlace } from './ports.ts';

type Params = ParamsOf<'bootstrap'>;

const OWN_SERVER = 'pc-agent';
/** For people who look at the accounts of their handset. */
const OWN_NAME = 'PC Agent';
/** Octets of a password and of a nonce that we make: 128 bits. */
const SECRET_LENGTH = 16;
/** Between two questions whether the account was taken. */
const ASK_AGAIN = seconds(2);

/**
 * Puts an account on a handset: a signed document for its default inbox. Our own is kept before it is sent, and the
 * handset is asked afterwards, since OBEX says no more than that the document was received.
 */
export async function bootstrap(engine: Engine, params: Params, context: WorkContext): Promise<BootstrapResult> {
  const place = await findPlace(engine, params, context);
  const text = place.address.text;
  const device = probableDevice(place, engine.handsets);
  const account = accountFor(params);
  const own = account.serverId === OWN_SERVER;
  const { profile = 'dm', security = 'userpin' } = params;
  const document = documentFor(params, account, device);
  await engine.turns.run(
    text,
    async () => {
      context.signal.throwIfAborted();
      const stream = await place.bearer.dial(place.address, { signal: context.signal });
      // Only now: an account that was sent before, and that the handset may have taken, gives way to this one.
      if (own) {
        await engine.accounts.sent(device, text, account).catch(async (error: unknown) => {
          await stream.close();
          throw error;
        });
      }
      await putInInbox(stream, { ...document, signal: context.signal });
    },
    context.signal,
  );
  const asked = own && params.check !== false ? await ask(engine, { place, account, params }, context) : {};
  const found = asked.device ?? device;
  return {
    ...(found === undefined ? {} : { device: found }),
    handset: text,
    virtual: found !== undefined && isVirtualDevice(found),
    ...{ profile, security },
    dms: account.serverId,
    account: asked.taken === true ? 'taken' : 'unknown',
    sessions: asked.session === undefined ? [] : [asked.session],
    ...(asked.code === undefined ? {} : { code: asked.code, message: asked.message ?? asked.code }),
  };
}

function accountFor({ account, address, auth = 'md5' }: Params): AccountObject {
  const fresh = () => toBase64(nodeRandom.bytes(SECRET_LENGTH));
  const { nonce, ...given } = account ?? {
    serverId: OWN_SERVER,
    serverPassword: fresh(),
    user: 'handset',
    password: fresh(),
    auth,
    nonce: undefined,
  };
  return {
    ...given,
    serverNonce: nonce ?? fresh(),
    clientNonce: nonce ?? fresh(),
    addresses: [{ address: address ?? `obex:${given.serverId}`, type: 'URI' }],
    ...(account === undefined ? { name: OWN_NAME } : {}),
  };
}

/** @throws PcAgentError `provisioning/secret-missing` */
function documentFor(
  { profile = 'dm', security = 'userpin', pin, imsi }: Params,
  account: AccountObject,
  device: string | undefined,
): BootstrapDocument {
  const options = { profile, security: security === 'userpin' ? 'pin' : 'network', device } as const;
  const document = bootstrapDocument(account, { ...options, secrets: { pin, imsi } }, nodeHmacSha1);
  if (document !== undefined) return document;
  throw new PcAgentError('provisioning/secret-missing', `the document cannot be signed without ${security}`);
}

interface Asked {
  readonly taken?: boolean;
  readonly device?: string | undefined;
  readonly session?: string | undefined;
  readonly code?: string;
  readonly message?: string;
}

interface Question {
  readonly place: HandsetPlace;
  readonly account: Account;
  readonly params: Params;
}

/** A short session shows whether the handset knows us by the account; while the person may still type, it is tried again. */
async function ask(engine: Engine, question: Question, context: WorkContext): Promise<Asked> {
  const wait: Duration = milliseconds((question.params.wait ?? 0) * 1000);
  const deadline = engine.clock.monotonic() + wait;
  for (;;) {
    const asked = await askOnce(engine, question, context);
    if (asked.taken === true || engine.clock.monotonic() + ASK_AGAIN > deadline) return asked;
    await engine.clock.sleep(ASK_AGAIN, context.signal);
  }
}

async function askOnce(engine: Engine, { place, account }: Question, context: WorkContext): Promise<Asked> {
  const untaken = { code: 'provisioning/not-taken', message: 'the handset does not answer to the account' };
  try {
    const { device, sessions } = await engine.ownServer.run([], place, context);
    const session = sessions.at(-1);
    // It may have answered to an account that it had before.
    const taken = engine.accounts.isTaken(device, account);
    return { taken, device, session, ...(taken ? {} : untaken) };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isPcAgentError(error)) throw error;
    return knowsUsNot(error.code) ? untaken : { code: error.code, message: error.message };
  }
}
