import CServePage
import HTTPTypes
import Hummingbird
import NIOCore

/// The files of the page and the samples, all of them in the program.
enum Page {
  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    "json": "application/json", "jpg": "image/jpeg", "png": "image/png",
  ]

  /// Adds a route for each file.
  static func addRoutes(to router: Router<ServedContext>) {
    let files = UnsafeBufferPointer(
      start: qz_page_files_start(), count: qz_page_file_count)
    for n in files.indices {
      let file = files[n]
      let name = String(cString: file.path)
      let paths = name == "index.html" ? ["/", "/index.html"] : ["/\(name)"]
      let ending = name.split(separator: ".").last.map(String.init) ?? ""
      let type = types[ending] ?? "application/octet-stream"
      let buffer = ByteBuffer(
        bytes: UnsafeBufferPointer(start: file.bytes, count: file.count))
      for path in paths {
        router.on(RouterPath(path), method: .get) { _, _ in
          Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "no-cache"],
            body: .init(byteBuffer: buffer))
        }
      }
    }
  }
}
