"""The download client of the virtual handset: plain HTTP and OMA Download OTA 1.0 descriptors."""
import http.client, urllib.error, urllib.request
import xml.etree.ElementTree as ET
from urllib.parse import urljoin

DESCRIPTOR = "application/vnd.oma.dd+xml"
# Ends of a download (dlota.md, section 6): its number, then SCOMO's and FUMO's result code for it.
ENDS = {"memory": (901, 1404, 501), "link-lost": (903, 1402, 503), "mismatch": (905, 1402, 403),
        "descriptor": (906, 1402, 405), "version": (951, 1402, 405), "type": (953, 1413, 405),
        "absent": (954, 1402, 411), "unreachable": (954, 1501, 412), "credentials": (954, 1403, 406)}
TEXTS = {900: "Success", 901: "Insufficient memory", 902: "User Cancelled", 903: "Loss of Service",
         905: "Attribute mismatch", 906: "Invalid descriptor", 951: "Invalid DDVersion", 952: "Device Aborted",
         953: "Non-Acceptable Content", 954: "Loader Error"}


class FetchFailed(Exception):
    def __init__(self, end, message):
        super().__init__(message)
        self.number, self.scomo, self.fumo = ENDS[end]


class Fetched:
    """data, and how to tell the descriptor's server what became of it."""

    def __init__(self, data, kind, notify_url=None):
        self.data, self.kind, self.notify_url = data, kind, notify_url

    def notify(self, number):
        if self.notify_url:
            tell(self.notify_url, number)


def tell(url, number):
    body = f"{number} {TEXTS[number]}\r\n".encode()
    ask = urllib.request.Request(url, body, {"Content-Type": "text/plain"})
    for _ in range(3):
        try:
            return urllib.request.urlopen(ask, timeout=30).close()
        except OSError:
            pass


def get(url):
    """(data, content type); goes on by Range where the connection was lost."""
    data, kind, total = b"", "", None
    for _ in range(4):
        head = {"Accept": f"{DESCRIPTOR}, */*", **({"Range": f"bytes={len(data)}-"} if data else {})}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=head), timeout=60) as answer:
                kind = kind or answer.headers.get_content_type()
                if answer.status != 206:
                    data = b""
                    total = int(answer.headers.get("Content-Length") or 0) or None
                while True:
                    part = answer.read(65536)
                    if not part:
                        break
                    data += part
        except http.client.IncompleteRead as e:
            data += e.partial
        except urllib.error.HTTPError as e:
            raise FetchFailed("credentials" if e.code in (401, 407) else "absent", f"{url}: {e.code}")
        except urllib.error.URLError as e:
            if not data:
                raise FetchFailed("unreachable", f"{url}: {e.reason}")
        except OSError:
            pass
        if total is None or len(data) >= total:
            return data, kind
    raise FetchFailed("link-lost", url)


def fetch(url, room=None):
    """What is at a package's URL, by its descriptor if there is one."""
    data, kind = get(url)
    if kind != DESCRIPTOR:
        if room is not None and len(data) > room:
            raise FetchFailed("memory", f"{len(data)} bytes")
        return Fetched(data, kind)
    found = {}
    try:
        for node in ET.fromstring(data):
            found.setdefault(node.tag.rsplit("}", 1)[-1], []).append((node.text or "").strip())
    except ET.ParseError as e:
        raise FetchFailed("descriptor", str(e))
    report = urljoin(url, found["installNotifyURI"][0]) if "installNotifyURI" in found else None
    try:
        if found.get("DDVersion", ["1.0"])[0].split(".")[0] != "1":
            raise FetchFailed("version", found["DDVersion"][0])
        if "type" not in found or "objectURI" not in found or not found.get("size", [""])[0].isdigit():
            raise FetchFailed("descriptor", "type, size or objectURI is missing")
        size = int(found["size"][0])
        if room is not None and size > room:
            raise FetchFailed("memory", f"{size} bytes")
        data, kind = get(urljoin(url, found["objectURI"][0]))
        if len(data) != size or kind not in found["type"]:
            raise FetchFailed("mismatch", f"{len(data)} bytes of {kind}")
    except FetchFailed as e:
        if report:
            tell(report, e.number)
        raise
    return Fetched(data, kind, report)
