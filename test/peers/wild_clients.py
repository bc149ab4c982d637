#!/usr/bin/env python3
"""Two HTTP DM clients in the style of clients seen in the wild.

recorder  13-item Replace of DevInfo with interior nodes, deepest first; Content-Type of data sync;
          single-quoted attributes; md5; stops when a server message lacks valid credentials
loose     no Cred ever, Expect: 100-continue, charset parameter, Statuses out of order,
          attributes of a foreign namespace
"""
import argparse, re, sys

sys.dont_write_bytecode = True
from dmclient import Client
from handset import arguments, conduct, run_http
from peerlib import E, M, T

MSFT = "http://schemas.microsoft.com/MobileDevice/MDM"


class Recorder(Client):
    def __init__(self, opt, report, tree):
        super().__init__(opt, report, tree)
        self.content_type = self.accept = f"application/vnd.syncml+{opt.encoding}"
        for uri, value in (("Ext/Peer/Serial", "0001"), ("Ext/Peer/Colour", "blue"), ("Bearer/Lan/Kind", "tcp")):
            tree.leaf(f"./DevInfo/{uri}", value)

    def dev_info(self):
        nodes = [u for u in self.tree.subtree("./DevInfo")]
        nodes.sort(key=lambda u: (-u.count("/"), u))
        items = []
        for uri in nodes:
            form, kind, value = self.tree.nodes[uri]
            items.append(E("Item", E("Source", T("LocURI", uri)),
                           E("Meta", M("Format", form), M("Type", "text/plain") if value is not None else ""),
                           T("Data", value.decode()) if value is not None else ""))
        return E("Replace", "<CmdID>@</CmdID>", *items)

    def finish_xml(self, xml):
        return re.sub(r'(xmlns(?::\w+)?)="([^"]*)"', r"\1='\2'", xml)

    def refuse(self, code, chal, commands, challenged, again, rest):
        if again:       # the server refused us in the same breath: answer its challenge, with credentials
            return super().refuse(code, chal, commands, challenged, again, rest)
        self.fail("server-not-authenticated" if code in (401, 407) else "header-wrong", f"status {code}")


class Loose(Client):
    def __init__(self, opt, report, tree):
        super().__init__(opt, report, tree)
        self.content_type += "; charset=utf-8"
        self.http_headers = {"Expect": "100-continue"}

    def arrange(self, entries):
        statuses = [e for e in entries if e["name"] == "Status"]
        others = [e for e in entries if e["name"] != "Status"]
        return statuses[::-1] + others

    def finish_xml(self, xml):
        xml = xml.replace("<SyncBody>", f'<SyncBody xmlns:msft="{MSFT}">', 1)
        return re.sub(r"(<Status>(?:(?!</Status>).)*?)<Data>(\d+)</Data>",
                      r'\1<Data msft:originalerror="0x0">\2</Data>', xml, flags=re.S)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--http", required=True, help="URL of the DMS")
    parser.add_argument("--style", choices=["recorder", "loose"], required=True)
    arguments(parser)
    parser.set_defaults(encoding="xml")
    opt = parser.parse_args()
    if opt.style == "loose":
        opt.auth = "none"
    make = Recorder if opt.style == "recorder" else Loose
    return conduct(opt, make, lambda client: run_http(client, opt.http))


if __name__ == "__main__":
    sys.exit(main())
