"""A headless browser over WebDriver, and a count of what is right, for the scripts
that open pages: check-report and check-page."""
import base64
import json
import shutil
import subprocess
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Right": "\ue014", "Left": "\ue012", "Home": "\ue011", "End": "\ue010",
        "Enter": "\ue007"}


class Browser:
    """A headless browser."""

    def __init__(self, profile):
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        port = None
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                port = line.split()[-1].rstrip(".")
                break
        if port is None:
            raise SystemExit("chromedriver did not start")
        self.address = f"http://127.0.0.1:{port}"
        self.session = None
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu",
                     "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--force-color-profile=srgb", f"--user-data-dir={profile}"],
            "binary": shutil.which("chromium"),
        }
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = f"/session/{answer['sessionId']}"

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.address + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"chromedriver: {path}: {error.read().decode()[:500]}")

    def post(self, path, **body):
        return self.call("POST", self.session + path, body)

    def run(self, script, *arguments):
        return self.post("/execute/sync", script=script, args=list(arguments))

    def devtools(self, command, **parameters):
        return self.post("/goog/cdp/execute", cmd=command, params=parameters)

    def find(self, selector):
        found = self.post("/element", using="css selector", value=selector)
        return found[ELEMENT]

    def click(self, selector):
        self.run("document.querySelector(arguments[0])"
                 ".scrollIntoView({block: 'center'})", selector)
        self.post(f"/element/{self.find(selector)}/click")

    def type(self, selector, *keys):
        self.post(f"/element/{self.find(selector)}/value",
                  text="".join(KEYS.get(key, key) for key in keys))

    def drag(self, start, end):
        move = lambda to, time: {"type": "pointerMove", "duration": time,
                                 "x": round(to[0]), "y": round(to[1])}
        self.post("/actions", actions=[{
            "type": "pointer", "id": "mouse",
            "parameters": {"pointerType": "mouse"},
            "actions": [move(start, 0), {"type": "pointerDown", "button": 0},
                        move(end, 100), {"type": "pointerUp", "button": 0}]}])
        self.call("DELETE", self.session + "/actions")

    def open(self, address, width, height, scheme):
        """Opens a page in a window of a size, light or dark."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width,
                      height=height, deviceScaleFactor=1, mobile=width < 600)
        self.devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}])
        self.post("/url", url=address)

    def picture(self, width):
        """The whole page as a PNG."""
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        image = self.devtools(
            "Page.captureScreenshot", captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": width, "height": size["height"],
                  "scale": 1})
        return base64.b64decode(image["data"])

    def quit(self):
        try:
            if self.session:
                self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()


class Check:
    """Counts what is right, and says what is not."""

    def __init__(self, name):
        self.name = name
        self.done = 0
        self.wrong = []
        self.place = ""

    def __call__(self, holds, what, found=""):
        self.done += 1
        if not holds:
            self.wrong.append(f"{self.place}: {what} {found}".rstrip())
            print(f"{self.name}: wrong: {self.wrong[-1]}")
