import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 3: large objects. */
export const facts: readonly Fact[] = [
  { id: 'DMP-3-01', text: 'MaxMsgSize bounds a whole message' },
  { id: 'DMP-3-02', text: 'MaxObjSize bounds one object: a larger one is not sent' },
  { id: 'DMP-3-03', text: 'sizes are learned from the header, hold until replaced, and without one there is no limit' },
  { id: 'DMP-3-04', text: 'a Get of more than the server takes is answered by 413 without Results' },
  { id: 'DMP-3-05', text: 'a client that takes large objects says so in ./DevDetail/LrgObj' },
  { id: 'DMP-3-06', text: 'the first chunk alone says Size: octets of the whole as carried' },
  { id: 'DMP-3-07', text: 'a chunk before the last ends with MoreData and its message; Meta and Target stand in each' },
  { id: 'DMP-3-08', text: 'a chunk is answered by 213 and 1222' },
  { id: 'DMP-3-09', text: 'a first chunk without Size is refused by 411' },
  { id: 'DMP-3-10', text: 'the last chunk is checked and executed; its Status is the result' },
  { id: 'DMP-3-11', text: 'another size than was said is refused by 424, nothing is kept, and it may be sent anew' },
  { id: 'DMP-3-12', text: 'another object or command, or Final too early: 1225 names what is lost' },
  { id: 'DMP-3-13', text: 'clients derived from DM 1.1.2 mean 1225 when their 1223 names the object' },
  { id: 'DMP-3-14', text: 'a command in chunks is executed whole or not at all' },
  { id: 'DMP-3-15', text: 'chunks go in messages one after the other; the CmdID may change' },
  { id: 'DMP-3-16', text: 'base64 is cut at multiples of four and decoded when whole; others may cut it anywhere' },
  { id: 'DMP-3-17', text: 'Results of a client go in chunks the same way, and the server asks for each next one' },
];
