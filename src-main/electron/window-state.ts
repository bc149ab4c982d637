import { readFileSync } from 'node:fs';
import type { BrowserWindow, Rectangle } from 'electron';
import * as z from 'zod/mini';
import { writeFileAtomically } from '../base/node/atomic-file.ts';
import { SMALLEST } from './window-options.ts';

export interface WindowBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const size = z.int().check(z.minimum(1), z.maximum(100_000));
const place = z.int().check(z.minimum(-100_000), z.maximum(100_000));
const WindowState = z.object({ x: place, y: place, width: size, height: size, maximized: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;

/** So much of a window must be on a display for a person to take hold of it, in pixels. */
const HOLD = 80;

/** How the window was left; a file that is missing, broken or somebody else's says nothing. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Bounds in which the window can be seen now: a display may have gone, or be smaller than it was. */
export function visibleBounds(state: WindowState, displays: readonly Rectangle[]): WindowBounds | undefined {
  const { x, y, width, height } = state;
  const area = displays.find(
    (display) =>
      Math.min(x + width, display.x + display.width) - Math.max(x, display.x) >= HOLD &&
      // The title bar is at the top.
      y >= display.y &&
      y <= display.y + display.height - HOLD,
  );
  if (area === undefined) return undefined;
  return {
    x,
    y,
    width: Math.max(SMALLEST.width, Math.min(width, area.width)),
    height: Math.max(SMALLEST.height, Math.min(height, area.height)),
  };
}

/** Keeps how a window is left. A state that cannot be written is not worth a word: the window opens as usual then. */
export function keepWindowState(
  window: Pick<BrowserWindow, 'on' | 'getNormalBounds' | 'isMaximized'>,
  file: string,
): void {
  window.on('close', () => {
    try {
      const { x, y, width, height } = window.getNormalBounds();
      const state: WindowState = { x, y, width, height, maximized: window.isMaximized() };
      writeFileAtomically(file, `${JSON.stringify(state)}\n`);
    } catch {
      return;
    }
  });
}
