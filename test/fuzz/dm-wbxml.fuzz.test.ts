import { damageSessions } from './damage-sessions.ts';

damageSessions('wbxml');
