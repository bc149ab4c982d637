import { main as serve } from './child-main.ts';
import { nativeBearers } from './native-bearers.ts';

/** The process that has the native modules. */
export async function main(): Promise<void> {
  await serve(nativeBearers());
}
