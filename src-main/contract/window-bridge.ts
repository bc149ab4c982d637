/** What the window's preload gives the page: named functions and nothing else. A page in a web browser has none. */
export interface WindowBridge {
  /** One frame of the contract to the host. */
  readonly send: (frame: string) => void;
  /** Frames of the host in their order. @returns what ends it */
  readonly onFrame: (listener: (frame: string) => void) => () => void;
  /** The host's process has ended; it is started anew. @returns what ends it */
  readonly onHostLost: (listener: () => void) => () => void;
  /** A place in the page that a menu, a tray or another start of the program asks for: `#/packages`. @returns what ends it */
  readonly onNavigate: (listener: (place: string) => void) => () => void;
  /** Where a file lies that a person dropped on the window; empty when it has no place. */
  readonly pathOf: (file: unknown) => string;
  /** Opens an address in the person's browser, if it is on the list of those allowed. */
  readonly openExternal: (address: string) => Promise<boolean>;
}
