import type { Fact } from '../fact.ts';

/** Commands and the rules of their order (DM Representation 1.2, 4.1.6; DM Protocol 1.2, 2). */
export const facts: readonly Fact[] = [
  { id: 'REP-6-01', text: 'Alert: its type is a number in Data; 1100 to 1104 go from server to client only.' },
  { id: 'REP-6-02', text: 'Add makes a node at a full URI; one that is there already gives 418.' },
  {
    id: 'REP-6-03',
    text: 'Add below a missing parent: a device may make the parents too; one that does not says 404.',
  },
  { id: 'REP-6-04', text: 'Add of a serialized tree makes all of its nodes or none, and has one Status.' },
  {
    id: 'REP-6-05',
    text: 'Replace overwrites a value or a property that is there; 404 for a missing node, which it never makes.',
  },
  { id: 'REP-6-06', text: 'Replace of Name with the name of a sibling gives 418.' },
  { id: 'REP-6-07', text: 'Replace with a serialized tree puts it in the place of the whole subtree.' },
  { id: 'REP-6-08', text: 'A client sends Replace for DevInfo in package 1 and for nothing else.' },
  { id: 'REP-6-09', text: 'Delete takes a node away with all below it; 405 for a permanent node and for the root.' },
  { id: 'REP-6-10', text: 'Copy goes from leaf to leaf, and the two are independent afterwards.' },
  { id: 'REP-6-11', text: 'A Copy that cannot be made for other reasons than rights gives 403.' },
  {
    id: 'REP-6-12',
    text: 'Get gives the value of a leaf, the names below an interior node, and answers ?prop= and ?list=.',
  },
  { id: 'REP-6-13', text: 'Exec runs the node that it names with its Data as argument, in the body or in a Sequence.' },
  { id: 'REP-6-14', text: 'An Exec that takes long is answered by 202, and by a generic alert later.' },
  {
    id: 'REP-6-15',
    text: 'Results come from the client, behind the Status of their Get, with the node as Source of the Item.',
  },
  { id: 'REP-6-16', text: 'Results that are taken get no Status; only another code than 200 does.' },
  { id: 'REP-6-17', text: 'A Sequence runs its children in their order; its own Status is 200 once it was begun.' },
  {
    id: 'REP-6-18',
    text: 'A child that fails does not stop a Sequence; 202 of an Exec counts as done, and the next one runs at once.',
  },
  { id: 'REP-6-19', text: "A person's No or cancel in a Sequence: the children behind it get 215." },
  { id: 'REP-6-20', text: 'Peers answer such a Sequence with 200, 215 or 304: all of them are taken.' },
  { id: 'REP-6-21', text: 'An Atomic runs Add, Alert, Copy, Delete and Replace in their order, all of them or none.' },
  {
    id: 'REP-6-22',
    text: 'A child fails in an Atomic: its code stays, those before it get 216, those behind it 215, the Atomic 507.',
  },
  { id: 'REP-6-23', text: 'A child of an Atomic that cannot be taken back gets 516.' },
  {
    id: 'REP-6-24',
    text: "A person's No or cancel in an Atomic rolls it back; its own Status is 215, or 507 of some peers.",
  },
  { id: 'REP-6-25', text: 'An Atomic in an Atomic gets 500, and the outer one 507; a Get in an Atomic gets 500.' },
  { id: 'REP-6-26', text: 'Exec is not listed for an Atomic: ours refuses it with 500, since it could not be undone.' },
  { id: 'REP-6-27', text: 'An Atomic whose Statuses could not go in one message gets 517.' },
  { id: 'REP-6-28', text: 'The Status of an Atomic says nothing of its children: each has its own.' },
  {
    id: 'REP-6-29',
    text: 'Each command has a Status, groups and their children too: that of SyncHdr first, then in the order of the commands, also over several messages.',
  },
  { id: 'REP-6-30', text: 'Commands in a group run as they were sent; beside groups any order would do.' },
  { id: 'REP-6-31', text: 'A client sends Replace of DevInfo, Results, Alert and Status, and no other command.' },
  {
    id: 'REP-6-32',
    text: 'A command goes whole into one message, a group with all that is in it; only the Data of an Item goes in chunks.',
  },
  { id: 'REP-6-33', text: 'Behind a chunk with MoreData comes no other command before its last chunk.' },
  { id: 'REP-6-34', text: 'Every Alert gets a Status.' },
  { id: 'REP-6-35', text: 'A message that refuses credentials has Statuses only, one for each command that came.' },
  { id: 'REP-6-36', text: 'Add says the Format of its node; where none is said it is chr.' },
];
