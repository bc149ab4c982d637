import { z } from 'zod';

/** A handset's id as outside systems write it, e.g. `IMEI:490154203237518` or the digits alone. */
export const DeviceId = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^[\x21-\x7e]+$/, 'visible ASCII only')
  .meta({ description: 'DevId of the handset; an IMEI with or without the prefix IMEI:' });

/** A model as handsets name it themselves (DevInfo/Mod). */
export const Model = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters')
  .meta({ description: 'DevInfo/Mod of the handsets' });
