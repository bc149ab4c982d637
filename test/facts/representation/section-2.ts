import type { Fact } from '../fact.ts';

export const facts: readonly Fact[] = [
  { id: 'REP-2-01', text: 'SyncML holds SyncHdr and SyncBody.' },
  {
    id: 'REP-2-02',
    text: 'SyncHdr holds VerDTD, VerProto, SessionID, MsgID, Target, Source, RespURI, NoResp, Cred, Meta.',
  },
  { id: 'REP-2-03', text: 'SyncBody holds commands and, last, Final.' },
  { id: 'REP-2-04', text: 'Target holds LocURI and LocName.' },
  { id: 'REP-2-05', text: 'Source holds LocURI and LocName.' },
  { id: 'REP-2-06', text: 'Cred holds Meta and Data.' },
  { id: 'REP-2-07', text: 'Chal holds Meta.' },
  { id: 'REP-2-08', text: 'Alert holds CmdID, NoResp, Data, Correlator, Items; some put Correlator before Data.' },
  { id: 'REP-2-09', text: 'Add and Replace hold CmdID, NoResp, Meta, Items.' },
  { id: 'REP-2-10', text: 'Copy holds CmdID, NoResp, Meta, Items.' },
  { id: 'REP-2-11', text: 'Delete holds CmdID, NoResp, Meta, Items; Archive and SftDel are of data sync.' },
  { id: 'REP-2-12', text: 'Get holds CmdID, NoResp, Meta, Items; Lang is of data sync.' },
  { id: 'REP-2-13', text: 'Exec holds CmdID, NoResp, Meta, Correlator and one Item; several are taken.' },
  { id: 'REP-2-14', text: 'Atomic and Sequence hold CmdID, NoResp, Meta and commands.' },
  { id: 'REP-2-15', text: 'Status holds CmdID, MsgRef, CmdRef, Cmd, TargetRefs, SourceRefs, Chal, Data, Items.' },
  { id: 'REP-2-16', text: 'Results holds CmdID, MsgRef, CmdRef, Meta, TargetRef, SourceRef, Items.' },
  { id: 'REP-2-17', text: 'Item holds Target, Source, Meta, Data, MoreData.' },
  { id: 'REP-2-18', text: 'Meta holds its elements directly, or in one MetInf.' },
  {
    id: 'REP-2-19',
    text: 'The elements of Meta come as Format, Type, Mark, Size, Version, NextNonce, MaxMsgSize, MaxObjSize, EMI.',
  },
];
