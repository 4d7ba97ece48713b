import CSoftShims
import Rasters

/// A WebP that is being read (RFC 9649): the only image, or the first frame on its
/// canvas.
final class WebPReader: ImageReader {
  private let handle: OpaquePointer
  private let layout: qz_webp_header
  private let place: FrameOnCanvas
  private let limits: DecodeLimits

  /// The bytes of a file that was not in memory.
  private let loaded: UnsafeMutableBufferPointer<UInt8>?

  private(set) var soundRows = 0

  /// Whether the image turned out to be damaged.
  private var isDamaged = false

  init(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError) {
    guard qz_webp_load() != 0 else {
      throw .unsupported(
        what: "a WebP without \(String(cString: qz_webp_library()))",
        remedy: "install libwebp")
    }
    let buffer: UnsafeBufferPointer<UInt8>
    switch bytes {
    case .memory(let given):
      (buffer, loaded) = (given, nil)
    case .file:
      let count = Self.count(bytes)
      let file = bytes.bytes(count)
      let room = UnsafeMutableBufferPointer<UInt8>.allocate(
        capacity: file.count)
      _ = room.initialize(from: file)
      (buffer, loaded) = (UnsafeBufferPointer(room), room)
    }
    var layout = qz_webp_header()
    let handle = qz_webp_reader_create(
      buffer.baseAddress, buffer.count, &layout)
    let place = FrameOnCanvas(
      width: layout.width, height: layout.height, left: layout.left,
      top: layout.top, frameWidth: layout.frame_width,
      frameHeight: layout.frame_height)
    guard let handle, let place else {
      if let handle { qz_webp_reader_destroy(handle) }
      loaded?.deallocate()
      throw .damaged(format: .webp, reason: "it has no whole header")
    }
    self.handle = handle
    self.layout = layout
    self.place = place
    self.limits = limits
  }

  deinit {
    qz_webp_reader_destroy(handle)
    loaded?.deallocate()
  }

  /// The bytes of a file that its container claims, no more than there are.
  private static func count(_ bytes: ImageBytes) -> Int {
    let start = bytes.bytes(8)
    guard start.count == 8 else { return start.count }
    let claimed = (4..<8).reduce(0) { $0 | Int(start[$1]) << (8 * ($1 - 4)) }
    return min(bytes.count, claimed + 8)
  }

  var header: ImageHeader {
    ImageHeader(
      format: .webp, size: place.canvas,
      kind: "\(layout.is_lossless != 0 ? "lossless" : "lossy") WebP"
        + (hasAlpha ? ", with alpha" : "")
        + (layout.frames > 1 ? ", \(layout.frames) frames" : ""))
  }

  var channels: Int { hasAlpha ? 4 : 3 }

  var hasAlpha: Bool { layout.has_alpha != 0 || !place.isWhole }

  var sampleBytes: Int { 1 }

  /// libwebp decodes an image at once.
  var obstacle: ImageStream.Obstacle? { .decodedAtOnce }

  /// Pixels of one colour take no bytes at all.
  func fits(in _: Int) -> Bool { place.isInProportion }

  func colors(
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    let bytes = try chunk("ICCP", "an ICC profile")
    let profile = bytes.flatMap { ColorProfile($0) }
    return ColorManagement(
      from: profile, to: target, .rgb,
      warnings: bytes != nil && profile == nil
        ? [ColorManagement.brokenProfile(for: .rgb)] : [])
  }

  private func chunk(
    _ name: String, _ what: String
  ) throws(DecodeError) -> [UInt8]? {
    var count = 0
    guard let start = qz_webp_reader_chunk(handle, name, &count) else {
      return nil
    }
    guard count <= limits.metadataBytes else {
      throw .metadataTooLarge(
        format: .webp, what: what, maximumBytes: limits.metadataBytes)
    }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  func annotations() throws(DecodeError) -> Annotations {
    var annotations = Annotations()
    annotations.exif = try chunk("EXIF", "Exif data").flatMap {
      Annotations.exif(of: $0)
    }
    annotations.xmp = try chunk("XMP ", "an XMP packet")
    return annotations
  }

  var omittedFrames: Int { max(0, Int(layout.frames) - 1) }

  var warnings: [String] {
    FrameOnCanvas.warnings(omitted: omittedFrames, of: .webp)
      + (layout.is_whole != 0 || isDamaged
        ? [] : ["the WebP ends early; its image is whole"])
  }

  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    let stride = place.canvas.width * channels
    precondition(
      rows == place.canvas.height && samples.count >= stride * rows)
    if !place.isWhole {
      samples.initializeMemory(as: UInt8.self, repeating: 0)
    }
    guard
      let start = samples.baseAddress?.advanced(
        by: place.top * stride + place.left * channels)
    else { return }
    var done: UInt32 = 0
    let reason = qz_webp_reader_decode(
      handle, start.assumingMemoryBound(to: UInt8.self), stride,
      Int32(channels), &done)
    soundRows = done > 0 ? place.top + Int(done) : 0
    guard let reason else { return }
    isDamaged = true
    throw .damaged(
      format: .webp, reason: String(cString: reason), keepsRows: soundRows > 0)
  }

  func finish() {}
}
