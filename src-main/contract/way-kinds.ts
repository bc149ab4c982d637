/** By what a handset is reached, in the order in which its ways are preferred: the faster and the steadier first. */
export const WAY_KINDS = ['usb', 'serial', 'bluetooth', 'tcp', 'http'] as const;
