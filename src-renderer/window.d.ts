import type { WindowBridge } from '../src-main/contract/window-bridge.ts';

declare global {
  interface Window {
    /** Set by the preload of the program's own window; absent in a web browser. */
    readonly pcAgent?: WindowBridge;
  }
}
