import { damageSessions } from './damage-sessions.ts';

damageSessions('xml');
