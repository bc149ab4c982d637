"""FUMO of the virtual handset: nodes, the state machine, operations and requests.

Variants (any number):
  operation-source  the alert's Source is the operation's node, as Windows Mobile has it
  keeps-data        States 70 and 90 (data there) at the end instead of 80 and 100
"""
import json

from fetch import FetchFailed, fetch

KIND = "urn:oma:mo:oma-fumo:1.0"
ALERT = "org.openmobilealliance.dm.firmwareupdate."
MARK = b"PC-AGENT-FIRMWARE 1\n"     # the format of the firmware that the tests send (README)


class Fumo:
    def __init__(self, tree, root, variants):
        self.tree, self.root, self.variants, self.force_result = tree, root, variants, None
        self.data, self.seen = None, []
        for name in ("Download", "DownloadAndUpdate"):
            tree.leaf(f"{root}/{name}/PkgURL")
        tree.leaf(f"{root}/Update/PkgData", b"", "bin", "application/octet-stream")
        tree.leaf(f"{root}/PkgName")
        tree.leaf(f"{root}/PkgVersion")
        tree.nodes[root][1] = KIND
        tree.acl[root] = "Exec=*&Get=*&Replace=*"
        self.ways = (f"{root}/Download/PkgURL", f"{root}/DownloadAndUpdate/PkgURL", f"{root}/Update/PkgData")
        self.go(10)

    def go(self, state):
        self.seen.append(state)
        self.tree.leaf(f"{self.root}/State", state, "int")

    @property
    def state(self):
        return self.seen[-1]

    # -- what the tree asks ------------------------------------------------------------------------
    def may_add(self, _uri):
        return False

    may_delete = is_folder = may_add

    def may_replace(self, uri):
        return uri in self.ways and self.state not in (30, 60) or \
            uri in (f"{self.root}/PkgName", f"{self.root}/PkgVersion")

    def readable(self, uri):
        return uri != f"{self.root}/Update/PkgData"

    def written(self, uri, _form):
        """Only one of the ways to a package is set."""
        if uri not in self.ways:
            return 200
        if self.state != 10:
            self.go(10)
        for other in self.ways:
            if other != uri:
                self.tree.nodes[other][2] = b""
        self.data = self.tree.nodes[uri][2] if uri.endswith("PkgData") else None
        if self.data:
            self.go(50)
        return 200

    # -- operations --------------------------------------------------------------------------------
    def execute(self, uri):
        name = uri[len(self.root) + 1:]
        if name in ("Download", "DownloadAndUpdate"):
            url = self.tree.text(f"{uri}/PkgURL")
            if not url or self.state not in (10, 20, 70, 80, 90, 100):
                return 405, None
            self.go(30)
            return 202, lambda: self.fetched(uri, name, url)
        if name == "Update" and self.state == 50 and self.data:
            self.go(60)
            return 202, lambda: self.updated(uri, name)
        return 405, None

    def fetched(self, uri, name, url):
        try:
            got = fetch(url)
        except FetchFailed as e:
            self.go(20)
            return self.alert(uri, name, e.fumo)
        got.notify(900)
        self.data = got.data
        self.go(40)
        self.go(50)
        if name == "Download":
            return self.alert(uri, name, 200)
        self.go(60)
        return self.updated(uri, name)

    def updated(self, uri, name):
        result, data, keeps = self.force_result or 200, self.data, "keeps-data" in self.variants
        if result // 100 == 2 and data.startswith(MARK):
            try:
                version = json.loads(data.split(b"\n", 2)[1])["to"]
                self.tree.leaf("./DevDetail/FwV", version)
            except (ValueError, KeyError, IndexError):
                result = 402
        self.go(90 if result // 100 == 2 else 70)
        if not keeps:
            self.data = None
            self.tree.nodes[self.ways[2]][2] = b""
            self.go(100 if result // 100 == 2 else 80)
        return self.alert(uri, name, result)

    def alert(self, uri, name, result):
        ok = result // 100 == 2
        source = uri if "operation-source" in self.variants else self.root
        return {"result": result, "type": ALERT + name.lower(), "ok": ok, "format": "int",
                "mark": "informational" if ok else "critical",
                "items": [{"source": source, "target": "", "data": str(result)}]}

    def request(self, who):
        """The alert by which its user or the device asks for an update."""
        return {"result": 0, "type": f"{ALERT}{who}request", "ok": True, "format": "chr", "mark": "informational",
                "items": [{"source": self.root, "target": "", "data": ""}]}
