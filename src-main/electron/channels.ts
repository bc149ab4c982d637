/** Names of what passes between the window's preload and the main process. */
export const CHANNEL = {
  /** To the host: one frame of the contract. */
  frame: 'pc-agent:frame',
  openExternal: 'pc-agent:open-external',
  /** To the page. */
  hostFrame: 'pc-agent:host-frame',
  hostLost: 'pc-agent:host-lost',
  navigate: 'pc-agent:navigate',
} as const;
