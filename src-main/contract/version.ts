/** Raised when a face or host of an earlier build could misread what the other one sends. */
export const CONTRACT_VERSION = 4;
