/** What a session, or a question at its cable, told of a handset. */
export interface Meeting {
  /** Its DevId, or a name of `provisionalName`. */
  readonly device: string;
  /** It has left since: what it said is kept, and does not mean that it is there. Default: false. */
  readonly left?: boolean | undefined;
  /** Where it was met. */
  readonly address?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  /** Maker and model are those of its plug: believed as long as the handset itself has said nothing. */
  readonly fromPlug?: boolean | undefined;
  readonly firmware?: string | undefined;
  readonly speaksDm?: boolean | undefined;
  /** What tells it from others of its model, but is not its DevId. */
  readonly serial?: string | undefined;
  /** What it would be called without its DevId: a card of that name is this phone's. */
  readonly provisional?: string | undefined;
  /** By which it is known at any port (`markOf`). */
  readonly mark?: string | undefined;
  /** All ways of the thing that it is at. */
  readonly ways?: readonly { readonly address: string; readonly place?: string | undefined }[] | undefined;
}
