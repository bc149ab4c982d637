"""Management tree of the virtual handset: DevInfo, DevDetail and the objects of software and firmware."""
import copy

from fumo_object import Fumo
from peerlib import unb64
from scomo_object import Scomo

MAX_DEPTH, MAX_TOTAL, MAX_SEGMENT = 16, 255, 64


class Tree:
    """nodes: URI -> [format, type, value bytes]."""

    def __init__(self, imei, model="Peer-1", scomo="./SCM", fumo="./FwUpdate/Package1", variants=()):
        self.nodes, self.variants = {}, variants
        self.who = "virtual-dms"
        # Who may do what, by node; a node without a value of its own takes the nearest one above, whole.
        self.acl = {".": "Add=*&Get=*"}
        self.interior(".")
        dev = {"DevId": f"IMEI:{imei}", "Man": "Independent", "Mod": model, "DmV": "1.2", "Lang": "en"}
        detail = {"DevTyp": "phone", "OEM": "Independent", "FwV": "1.0", "SwV": "2.0", "HwV": "3.0",
                  "URI/MaxDepth": MAX_DEPTH, "URI/MaxTotLen": MAX_TOTAL, "URI/MaxSegLen": MAX_SEGMENT}
        for name, value in dev.items():
            self.leaf(f"./DevInfo/{name}", value)
        for name, value in detail.items():
            self.leaf(f"./DevDetail/{name}", value)
        self.leaf("./DevDetail/LrgObj", "true", "bool")
        self.nodes["./DevInfo"][1] = "urn:oma:mo:oma-dm-devinfo:1.0"
        self.nodes["./DevDetail"][1] = "urn:oma:mo:oma-dm-devdetail:1.0"
        self.scomo, self.fumo = Scomo(self, scomo, variants), Fumo(self, fumo, variants)
        self.objects = (self.scomo, self.fumo)
        self.scomo.component("clock", "com.example.clock", "1.0", "Clock")

    # -- building ---------------------------------------------------------------------------------
    def interior(self, uri, kind=""):
        parts = uri.split("/")
        for n in range(1, len(parts) + 1):
            self.nodes.setdefault("/".join(parts[:n]), ["node", "", None])
        if kind:
            self.nodes[uri][1] = kind

    def leaf(self, uri, value="", form="chr", kind="text/plain"):
        self.interior(uri.rpartition("/")[0])
        self.nodes[uri] = [form, kind, value if isinstance(value, bytes) else str(value).encode()]

    def children(self, uri):
        start = uri + "/"
        return [u[len(start):] for u in self.nodes if u.startswith(start) and "/" not in u[len(start):]]

    def subtree(self, uri):
        return [u for u in self.nodes if u == uri or u.startswith(uri + "/")]

    def drop(self, uri):
        for u in self.subtree(uri):
            del self.nodes[u]
            self.acl.pop(u, None)

    def text(self, uri):
        return self.nodes[uri][2].decode("utf-8", "replace") if uri in self.nodes else ""

    def object_of(self, uri):
        return next((o for o in self.objects if uri == o.root or uri.startswith(o.root + "/")), None)

    def snapshot(self):
        return copy.deepcopy(self.nodes), dict(self.acl), dict(self.scomo.shas), self.fumo.data, list(self.fumo.seen)

    def restore(self, saved):
        self.nodes, self.acl, self.scomo.shas, self.fumo.data, self.fumo.seen = saved

    # -- rights -------------------------------------------------------------------------------------
    def may(self, command, uri):
        while uri not in self.acl or not self.acl[uri]:
            uri = uri.rpartition("/")[0] or "."
        for entry in self.acl[uri].split("&"):
            name, _, names = entry.partition("=")
            if name == command:
                return "*" in names.split("+") or self.who in names.split("+")
        return False

    def may_set_acl(self, uri):
        parent = uri.rpartition("/")[0] or "."
        if self.nodes[uri][0] == "node" and self.may("Replace", uri):
            return True
        return self.may("Replace", parent)

    def set_acl(self, uri, value):
        if uri not in self.nodes:
            return 404
        if not self.may_set_acl(uri):
            return 425
        self.acl[uri] = value
        return 200

    def copy(self, source, target):
        code, uri, query = self.check_uri(source)
        if code != 200 or uri not in self.nodes:
            return 404
        if query or self.nodes[uri][0] == "node" or not self.readable(uri):
            return 403
        if not self.may("Get", uri):
            return 425
        form, kind, value = self.nodes[uri]
        known = self.check_uri(target)[1] in self.nodes
        return self.put("Replace" if known else "Add", target, form, kind, value)

    # -- commands -----------------------------------------------------------------------------------
    @staticmethod
    def check_uri(text):
        """(status, full URI, query)"""
        uri, _, query = text.partition("?")
        if not uri or uri.startswith("/") or uri.endswith("/") or "../" in uri:
            return 404, uri, query
        uri = uri if uri == "." or uri.startswith("./") else "./" + uri
        parts = uri.split("/")
        if len(uri) > MAX_TOTAL or len(parts) > MAX_DEPTH or any(len(p) > MAX_SEGMENT for p in parts):
            return 414, uri, query
        return 200, uri, query

    def readable(self, uri):
        owner = self.object_of(uri)
        return not owner or owner.readable(uri)

    def get(self, text):
        """(status, [(uri, format, type, value bytes or None)])"""
        code, uri, query = self.check_uri(text)
        if code != 200 or uri not in self.nodes:
            return (code if code != 200 else 404), []
        if not self.readable(uri):
            return 405, []
        if not self.may("Get", uri):
            return 425, []
        form, kind, value = self.nodes[uri]
        if query.startswith("list=") and "no-list" in self.variants:
            return 406, []
        if query.startswith("prop="):
            props = {"Format": form, "Type": kind, "Name": uri.rpartition("/")[2],
                     "ACL": self.acl.get(uri, "")}
            if value is not None:
                props["Size"] = str(len(value))
            name = query[5:]
            return (200, [(text, "chr", "text/plain", props[name].encode())]) if name in props else (406, [])
        if query in ("list=Struct", "list=StructData"):
            keep = query.endswith("Data")
            return 200, [(u, self.nodes[u][0], self.nodes[u][1], self.nodes[u][2] if keep else None)
                         for u in self.subtree(uri) if self.readable(u) and self.may("Get", u)]
        if query:
            return 406, []
        if form == "node":
            return 200, [(uri, "node", "text/plain", "/".join(self.children(uri)).encode())]
        return 200, [(uri, form, kind, value)]

    def put(self, command, text, form, kind, data):
        """Add or Replace with the data as it was carried."""
        code, uri, query = self.check_uri(text)
        if code != 200:
            return code
        if query == "prop=ACL" and command == "Replace":
            return self.set_acl(uri, (data or b"").decode("utf-8", "replace"))
        if query or "dmtnds" in kind.lower():
            return 405 if query else 415
        known, owner = uri in self.nodes, self.object_of(uri)
        if command == "Add":
            if known:
                return 418
            if not (owner and owner.may_add(uri)):
                return 405 if uri.rpartition("/")[0] in self.nodes else 404
        elif not known:
            return 404
        elif not (owner and owner.may_replace(uri)) or self.nodes[uri][0] == "node":
            return 405
        above = uri.rpartition("/")[0]
        while above not in self.nodes:
            above = above.rpartition("/")[0]
        if not self.may(command, above if command == "Add" else uri):
            return 425
        form = form.lower() or ("chr" if command == "Add" else self.nodes[uri][0])
        if form not in ("b64", "bin", "bool", "chr", "int", "node", "null", "xml", "date", "time", "float"):
            return 415
        if (form == "node") != owner.is_folder(uri):
            return 415
        if form == "node":
            return owner.written(uri, form)
        if data is None and form != "null":
            return 412
        if form == "b64":
            data, form = unb64(data), "bin"
            if data is None:
                return 415
        self.leaf(uri, data or b"", form, kind or "text/plain")
        return owner.written(uri, form)

    def delete(self, text):
        code, uri, query = self.check_uri(text)
        if code != 200 or uri not in self.nodes:
            return code if code != 200 else 404
        owner = self.object_of(uri)
        if query or not (owner and owner.may_delete(uri)):
            return 405
        if not self.may("Delete", uri):
            return 425
        self.drop(uri)
        return 200

    def execute(self, text):
        """(status, None or what ends the operation and gives its alert)"""
        code, uri, query = self.check_uri(text)
        if code != 200 or uri not in self.nodes:
            return (code if code != 200 else 404), None
        owner = self.object_of(uri)
        if query or not owner:
            return 405, None
        if not self.may("Exec", uri):
            return 425, None
        return owner.execute(uri)
