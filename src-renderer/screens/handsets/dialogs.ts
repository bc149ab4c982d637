/** The dialog that is open over the handsets, and for which of them. */
export type HandsetDialog =
  /** `packages`: what is chosen already; the plan comes at once. */
  | { readonly kind: 'install'; readonly device: string; readonly packages: readonly string[] }
  /** `remove`: the component whose removal is to be consented to at once. */
  | { readonly kind: 'inventory'; readonly device: string; readonly remove?: string }
  | { readonly kind: 'forget'; readonly device: string };

export type OpenDialog = (dialog: HandsetDialog) => void;
