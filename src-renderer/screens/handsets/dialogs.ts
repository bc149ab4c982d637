import type { ArchiveView, SnapshotView } from '../../../src-main/contract/software-views.ts';

/** The dialog that is open over a handset, and for which. */
export type HandsetDialog =
  /** `packages`: what is chosen already; the plan comes at once. */
  | { readonly kind: 'install' | 'update'; readonly device: string; readonly packages: readonly string[] }
  | { readonly kind: 'remove' | 'archive'; readonly device: string; readonly component: string }
  | { readonly kind: 'firmware'; readonly device: string }
  | { readonly kind: 'restore'; readonly device: string; readonly archive: ArchiveView }
  | { readonly kind: 'delete-archive'; readonly device: string; readonly archive: ArchiveView }
  | { readonly kind: 'compare' | 'put-back'; readonly device: string; readonly snapshot: SnapshotView }
  | { readonly kind: 'delete-snapshot'; readonly device: string; readonly snapshot: SnapshotView }
  | { readonly kind: 'forget'; readonly device: string }
  /** Both cards may be the same phone. */
  | { readonly kind: 'join'; readonly device: string; readonly other: string };

/** `software`: no dialog, but the page of the handset's software. */
export type OpenDialog = (dialog: HandsetDialog | { readonly kind: 'software'; readonly device: string }) => void;
