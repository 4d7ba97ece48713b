import CSoftShims
import Rasters

/// A GIF that is being read (GIF89a, CompuServe 1990): its first frame on its
/// screen. Nothing is behind the frame, as browsers show it.
final class GIFReader: ImageReader {
  private let handle: OpaquePointer
  private let layout: qz_gif_header
  private let place: FrameOnCanvas

  /// The samples of each index.
  private let palette: [SIMD4<UInt8>]

  /// The indices of a row of the frame.
  private var indices: [UInt8]

  /// The next row of the canvas to hand out.
  private var row = 0

  private(set) var omittedFrames = 0

  /// Whether the file lacks its end.
  private var endsEarly = false

  init(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError) {
    guard qz_gif_load() != 0 else {
      throw .unsupported(
        what: "a GIF without \(String(cString: qz_gif_library()))",
        remedy: "install giflib")
    }
    let handle: OpaquePointer? =
      switch bytes {
      case .memory(let buffer):
        qz_gif_reader_create(buffer.baseAddress, buffer.count)
      case .file(let descriptor): qz_gif_reader_open(descriptor)
      }
    guard let handle else { throw .outOfMemory(bytes: 0) }
    var layout = qz_gif_header()
    let isRead = qz_gif_reader_read_header(handle, &layout) != 0
    let place = FrameOnCanvas(
      width: layout.width, height: layout.height, left: layout.left,
      top: layout.top, frameWidth: layout.frame_width,
      frameHeight: layout.frame_height)
    guard isRead, let place else {
      let reason = Self.reason(handle)
      qz_gif_reader_destroy(handle)
      throw .damaged(format: .gif, reason: reason)
    }
    self.handle = handle
    self.layout = layout
    self.place = place
    let transparent = Int(layout.transparent)
    palette = withUnsafeBytes(of: layout.palette) { bytes in
      (0..<Int(layout.colors)).map { i in
        i == transparent
          ? .zero
          : SIMD4(bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2], 255)
      }
    }
    indices = [UInt8](repeating: 0, count: place.frame.width)
  }

  deinit { qz_gif_reader_destroy(handle) }

  /// What went wrong, in the words of giflib.
  private static func reason(_ handle: OpaquePointer) -> String {
    let heard = String(cString: qz_gif_reader_message(handle))
    return heard.isEmpty ? "it has no whole header" : heard
  }

  var header: ImageHeader {
    ImageHeader(
      format: .gif, size: place.canvas,
      kind: "\(layout.colors)-colour GIF"
        + (layout.is_interlaced != 0 ? ", interlaced" : ""))
  }

  var channels: Int { hasAlpha ? 4 : 3 }

  var hasAlpha: Bool { layout.transparent >= 0 || !place.isWhole }

  var sampleBytes: Int { 1 }

  var soundRows: Int { layout.is_interlaced != 0 ? 0 : row }

  var obstacle: ImageStream.Obstacle? {
    layout.is_interlaced != 0 ? .interlaced : nil
  }

  /// A code of at least 3 bits stands for at most 4,096 pixels.
  func fits(in count: Int) -> Bool {
    place.isInProportion && place.frame.pixelCount / 4_096 * 3 / 8 <= count
  }

  func colors(
    _ target: ColorTarget, _: DecodeLimits
  ) -> ColorManagement { ColorManagement(from: nil, to: target, .rgb) }

  func annotations() -> Annotations { Annotations() }

  var warnings: [String] {
    FrameOnCanvas.warnings(omitted: omittedFrames, of: .gif)
      + (endsEarly ? ["the GIF ends early; its first frame is whole"] : [])
  }

  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    let stride = place.canvas.width * channels
    precondition(samples.count >= stride * rows)
    let samples = samples.bindMemory(to: UInt8.self)
    if !place.isWhole { samples.update(repeating: 0) }
    guard layout.is_interlaced == 0 else {
      for row in Self.interlacedRows(place.frame.height) {
        try readRow(into: samples, at: (place.top + row) * stride)
      }
      row = rows
      return
    }
    for i in 0..<rows {
      if place.rows.contains(row) {
        try readRow(into: samples, at: i * stride)
      }
      row += 1
    }
  }

  /// Reads a row of the frame into one of the canvas.
  private func readRow(
    into samples: UnsafeMutableBufferPointer<UInt8>, at start: Int
  ) throws(DecodeError) {
    guard qz_gif_reader_read_row(handle, &indices, indices.count) != 0 else {
      throw .damaged(
        format: .gif, reason: Self.reason(handle), keepsRows: soundRows > 0)
    }
    var place = start + place.left * channels
    for index in indices {
      guard index < palette.count else {
        throw .damaged(
          format: .gif, reason: "an index beyond the palette",
          keepsRows: soundRows > 0)
      }
      let color = palette[Int(index)]
      for channel in 0..<channels { samples[place + channel] = color[channel] }
      place += channels
    }
  }

  /// The order in which rows of an interlaced frame are stored (appendix E).
  static func interlacedRows(_ height: Int) -> [Int] {
    [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { first, step in
      Array(stride(from: first, to: height, by: step))
    }
  }

  func finish() {
    var frames: UInt32 = 0
    endsEarly = qz_gif_reader_finish(handle, &frames) == 0
    omittedFrames = Int(frames)
  }
}
