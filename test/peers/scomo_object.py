"""SCOMO of the virtual handset: nodes, states and operations, with what devices do differently.

Variants (any number):
  draft-alert   the alert type of the early draft, `text/plain` as its Format
  state-chr     State nodes have Format chr
  node-ops      operations are interior nodes
  misspelt      `Deactive` and `DownlaodInstallInactive`
  segment       Identifier is the last segment of the target's URI
  drop-data     a failed installation deletes the package
  verizon       Delivered/Status is 70, not 60, where a failed installation left no data
  job-vanishes  a finished download job disappears
  two           a package holds two components, its own and `.help`; the alert has an Item for each
"""
import hashlib, re

from fetch import FetchFailed, fetch

KIND = "urn:oma:mo:oma-scomo:1.0"
ALERT_TYPE = "urn:oma:at:scomo:1.0:OperationComplete"
DRAFT_TYPE = "org.openmobilealliance.dm.softwarecomponent.OperationComplete"
DELIVERED_LEAVES = "PkgID|Name|Description|InstallParams|Data|EnvType|PkgType"
DOWNLOAD_LEAVES = "PkgID|PkgURL|Name|Description|InstallParams|EnvType|PkgType"


class Scomo:
    def __init__(self, tree, root, variants, room=None):
        self.tree, self.root, self.variants, self.room = tree, root, variants, room
        self.delivered, self.deployed = f"{root}/Inventory/Delivered", f"{root}/Inventory/Deployed"
        self.download = f"{root}/Download"
        for uri in (self.delivered, self.deployed, self.download):
            tree.interior(uri)
        tree.nodes[root][1] = KIND
        tree.acl[root] = "Add=*&Delete=*&Exec=*&Get=*&Replace=*"
        self.shas, self.force_result, self.spoilt = {}, None, None
        esc = re.escape
        self.settable = re.compile(f"{esc(self.delivered)}/[^/]+/({DELIVERED_LEAVES})$|"
                                   f"{esc(self.download)}/[^/]+/({DOWNLOAD_LEAVES})$")
        self.folder = re.compile(f"({esc(self.delivered)}|{esc(self.download)})/[^/]+$")
        self.hidden = re.compile(f"{esc(self.delivered)}/[^/]+/Data$|{esc(root)}/.*/Operations/[^/]+$")

    # -- what the tree asks ------------------------------------------------------------------------
    def may_add(self, uri):
        return bool(self.settable.match(uri) or self.folder.match(uri))

    def may_replace(self, uri):
        return bool(self.settable.match(uri))

    def readable(self, uri):
        return not self.hidden.match(uri)

    def may_delete(self, uri):
        return bool(self.folder.match(uri))

    def is_folder(self, uri):
        return bool(self.folder.match(uri))

    def written(self, uri, _form):
        """What the device itself creates beside a delivered package or a download job."""
        above = uri if self.folder.match(uri) else uri.rpartition("/")[0]
        if f"{above}/Status" in self.tree.nodes or not self.folder.match(above):
            return 200
        self.tree.interior(above)
        self.tree.leaf(f"{above}/Status", 10, "int")
        if above.startswith(self.delivered):
            self.state(above, 10)
            self.operations(above, "Install", "InstallInactive", "Remove")
        else:
            last = "DownlaodInstallInactive" if "misspelt" in self.variants else "DownloadInstallInactive"
            self.operations(above, "Download", "DownloadInstall", last)
        return 200

    # -- building ----------------------------------------------------------------------------------
    def operations(self, uri, *names):
        for name in names:
            if "node-ops" in self.variants:
                self.tree.interior(f"{uri}/Operations/{name}")
            else:
                self.tree.leaf(f"{uri}/Operations/{name}", b"", "null")

    def state(self, uri, value):
        self.tree.leaf(f"{uri}/State", value, "chr" if "state-chr" in self.variants else "int")

    def status(self, uri, value):
        self.tree.leaf(f"{uri}/Status", value, "int")

    def component(self, name, ident, version, title, package="", active=True):
        uri = f"{self.deployed}/{name}"
        for leaf, value in (("ID", ident), ("Name", title), ("Version", version), ("PkgIDRef", package)):
            if value:
                self.tree.leaf(f"{uri}/{leaf}", value)
        self.status(uri, 10)
        self.state(uri, 20 if active else 10)
        self.operations(uri, "Activate", "Deactive" if "misspelt" in self.variants else "Deactivate", "Remove")
        return uri

    def components(self):
        text = self.tree.text
        uris = [f"{self.deployed}/{name}" for name in self.tree.children(self.deployed)]
        return [{"id": text(f"{u}/ID"), "version": text(f"{u}/Version"), "state": text(f"{u}/State")} for u in uris]

    def packages(self):
        text = self.tree.text
        uris = [f"{self.delivered}/{name}" for name in self.tree.children(self.delivered)]
        return [{"id": text(f"{u}/PkgID"), "state": text(f"{u}/State"), "status": text(f"{u}/Status")} for u in uris]

    def installed(self):
        return [{"id": c["id"], "version": c["version"], "sha256": self.shas[c["id"]]}
                for c in self.components() if c["id"] in self.shas]

    # -- operations --------------------------------------------------------------------------------
    def execute(self, uri):
        """(status, None or what ends the operation and gives its alert)"""
        found = re.match(f"{re.escape(self.root)}/(Inventory/Delivered|Inventory/Deployed|Download)/([^/]+)"
                         r"/Operations/(\w+)$", uri)
        if not found:
            return 405, None
        place, name, action = found.groups()
        node = f"{self.root}/{place}/{name}"
        if place == "Download":
            if not (self.tree.text(f"{node}/PkgURL") and self.tree.text(f"{node}/PkgID")):
                return 405, None
            self.status(node, 30)
            return 202, lambda: self.fetched(uri, node, name, action)
        if place.endswith("Delivered"):
            if action.startswith("Install") and self.tree.text(f"{node}/State") != "10":
                return 405, None
            self.status(node, 30 if action == "Remove" else 40)
            return 202, lambda: self.package_work(uri, node, name, action)
        self.status(node, {"Activate": 50, "Remove": 30}.get(action, 70))
        return 202, lambda: self.component_work(uri, node, action)

    def package_work(self, uri, node, name, action):
        package = self.tree.text(f"{node}/PkgID") or name
        if action == "Remove":
            if not self.force_result:
                self.tree.drop(node)
            else:
                self.status(node, 20)
            return self.alert(uri, self.force_result or 1200, [(node, package)])
        data = self.tree.nodes.get(f"{node}/Data")
        result, targets = self.install(node, name, data and data[2], action == "Install")
        return self.alert(uri, result, targets or [(node, package)])

    def component_work(self, uri, node, action):
        ident = self.tree.text(f"{node}/ID")
        active = self.tree.text(f"{node}/State") == "20"
        forced = self.force_result
        if action == "Remove":
            result = forced or 1200
            if result // 100 == 12:
                self.tree.drop(node)
                self.shas.pop(ident, None)
            else:
                self.status(node, 20)
            return self.alert(uri, result, [(node, ident)])
        wanted = action == "Activate"
        result = forced or (1200 if active != wanted else 1409 if wanted else 1410)
        self.status(node, 10 if result // 100 == 12 else 40 if wanted else 60)
        if result // 100 == 12:
            self.state(node, 20 if wanted else 10)
        return self.alert(uri, result, [(node, ident)])

    def fetched(self, uri, node, name, action):
        package = self.tree.text(f"{node}/PkgID")
        try:
            got = fetch(self.tree.text(f"{node}/PkgURL"), self.room)
        except FetchFailed as e:
            self.status(node, 20)
            return self.alert(uri, e.scomo, [(node, package)])
        self.status(node, 40)
        home = f"{self.delivered}/{name}"
        self.tree.interior(home)
        self.written(home, "node")
        for leaf in ("PkgID", "Name", "Description"):
            if f"{node}/{leaf}" in self.tree.nodes:
                self.tree.leaf(f"{home}/{leaf}", self.tree.text(f"{node}/{leaf}"))
        self.tree.leaf(f"{home}/Data", got.data, "bin", got.kind)
        result, targets = 1200, [(home, package)]
        if action != "Download":
            self.status(node, 50)
            result, targets = self.install(home, name, got.data, action == "DownloadInstall")
            if result // 100 == 12:
                self.status(node, 40)
            else:
                gone = "drop-data" in self.variants
                self.status(node, 70 if gone else 60)
                if gone:
                    self.tree.drop(home)
                targets = [(node, package)]
        got.notify(900 if result // 100 == 12 else 952)
        if result // 100 == 12 and "job-vanishes" in self.variants:
            self.tree.drop(node)
        return self.alert(uri, result, targets)

    def install(self, node, name, data, active):
        """(result code, [(URI, identifier) of what was installed])"""
        ident = self.tree.text(f"{node}/PkgID")
        result = self.force_result or (1200 if data and ident else 1405)
        if result // 100 != 12:
            gone = "drop-data" in self.variants
            self.status(node, (70 if "verizon" in self.variants else 60) if gone else 50)
            if gone and f"{node}/Data" in self.tree.nodes:
                self.tree.drop(f"{node}/Data")
            return result, []
        title = self.tree.text(f"{node}/Name") or name
        version = re.search(r"(\d+(\.\d+)+)", f"{name} {title} {ident}")
        version = version.group(1) if version else "1.0"
        done = []
        for more in ("", ".help") if "two" in self.variants else ("",):
            place = next((old for old in self.tree.children(self.deployed)
                          if self.tree.text(f"{self.deployed}/{old}/ID") == ident + more), name + more)
            done.append((self.component(place, ident + more, version, title + more, ident, active), ident + more))
            self.shas[ident + more] = hashlib.sha256(data).hexdigest()
        self.state(node, 20)
        self.status(node, 10)
        return result, done

    def alert(self, source, result, targets):
        draft, ok = "draft-alert" in self.variants, result // 100 == 12
        items = []
        for target, ident in targets:
            if "segment" in self.variants:
                ident = target.rpartition("/")[2]
            items.append({"source": source, "target": target, "data":
                          f"<ResultCode>{result}</ResultCode><Identifier>{ident}</Identifier>"})
        return {"result": result, "type": DRAFT_TYPE if draft else ALERT_TYPE, "items": items, "ok": ok,
                "format": "text/plain" if draft else "xml", "mark": "informational" if ok else "warning"}
