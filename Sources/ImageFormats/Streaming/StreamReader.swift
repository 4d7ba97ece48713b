import Rasters

/// The reader of a format that an image stream reads with.
struct StreamReader {
  /// A reader, which cannot be copied, as something that can be passed on.
  private final class Shared<Reader: ~Copyable> {
    let reader: Reader

    init(_ reader: consuming Reader) {
      self.reader = reader
    }
  }

  private enum Kind {
    case png(Shared<PNGReader>)
    case jpeg(Shared<JPEGReader>, JPEGSegments)
  }

  private let kind: Kind

  /// Finds out what a file is, and reads everything before the image data.
  ///
  /// - Parameters:
  ///   - descriptor: A file that can be read from its start.
  ///   - limits: What is read at most.
  /// - Throws: `DecodeError`.
  init(
    _ descriptor: Int32, _ limits: DecodeLimits
  ) throws(DecodeError) {
    switch try ImageDecoder.format(of: FileStart.bytes(4_096, of: descriptor)) {
    case .png:
      kind = .png(Shared(try PNGReader(descriptor: descriptor, limits)))
    case .jpeg:
      let segments = FileStart.segments(of: descriptor)
      if let refusal = segments.frameRefusal() { throw refusal }
      kind = .jpeg(
        Shared(try JPEGReader(descriptor: descriptor)), segments)
    }
  }

  var header: ImageHeader {
    switch kind {
    case .png(let png): png.reader.header
    case .jpeg(let jpeg, _): jpeg.reader.header
    }
  }

  var size: ImageSize { header.size }

  /// Samples a pixel as the file has them, 3 or 4.
  var channels: Int {
    switch kind {
    case .png(let png): Int(png.reader.layout.channels)
    case .jpeg(let jpeg, _): jpeg.reader.channels
    }
  }

  /// Whether the fourth sample is alpha.
  var hasAlpha: Bool {
    switch kind {
    case .png: channels == 4
    case .jpeg: false
    }
  }

  /// 1 or 2 bytes a sample.
  var sampleBytes: Int {
    switch kind {
    case .png(let png): png.reader.layout.bit_depth == 16 ? 2 : 1
    case .jpeg: 1
    }
  }

  /// Why the image cannot be read strip by strip, as far as the header tells.
  var obstacle: ImageStream.Obstacle? {
    switch kind {
    case .png(let png):
      return png.reader.layout.interlaced != 0 ? .interlaced : nil
    case .jpeg(let jpeg, let segments):
      if jpeg.reader.layout.several_scans != 0 { return .severalScans }
      var annotations = segments.annotations
      return annotations.takeOrientation() == .upright ? nil : .turned
    }
  }

  /// Looks at how often a JPEG goes over its pixels.
  ///
  /// - Throws: `DecodeError.tooManyScans`.
  func checkScans(
    of descriptor: Int32, _ limits: DecodeLimits
  ) throws(DecodeError) {
    guard obstacle == .severalScans else { return }
    let scans = JPEGScans.count { offset, count in
      FileStart.bytes(count, of: descriptor, at: offset)
    }
    try ImageDecoder.check(size, scans: scans, limits)
  }

  /// Whether a file of so many bytes can hold the image at all.
  func fits(in bytes: Int) -> Bool {
    switch kind {
    case .png(let png): png.reader.fits(in: bytes)
    case .jpeg(let jpeg, _): jpeg.reader.fits(in: bytes)
    }
  }

  /// The way of the samples to another space.
  func colors(
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    switch kind {
    case .png(let png): try ImageDecoder.colors(png.reader, target, limits)
    case .jpeg(let jpeg, let segments):
      try ImageDecoder.colors(jpeg.reader, segments, target, limits)
    }
  }

  /// Reads the next rows of 8 bits a sample.
  func read(
    _ rows: Int, into samples: UnsafeMutableBufferPointer<UInt8>
  ) throws(DecodeError) {
    switch kind {
    case .png(let png): try png.reader.read(rows, into: samples)
    case .jpeg(let jpeg, _): try jpeg.reader.read(rows, into: samples)
    }
  }

  /// Reads the next rows of 16 bits a sample.
  func readDeep(
    _ rows: Int, into samples: UnsafeMutableBufferPointer<UInt16>
  ) throws(DecodeError) {
    guard case .png(let png) = kind else {
      preconditionFailure("a JPEG has 8 bits a sample")
    }
    try png.reader.read(rows, into: samples)
  }

  /// Reads the rest of the file.
  func finish() throws(DecodeError) {
    switch kind {
    case .png(let png): try png.reader.finish()
    case .jpeg(let jpeg, _): try jpeg.reader.finish()
    }
  }

  /// What the file says beside its pixels, once it was read.
  func annotations() throws(DecodeError) -> Annotations {
    switch kind {
    case .png(let png): try ImageDecoder.annotations(png.reader)
    case .jpeg(_, let segments): segments.annotations
    }
  }

  /// What was passed over.
  var warnings: [String] {
    switch kind {
    case .png(let png): png.reader.warnings
    case .jpeg(let jpeg, _): jpeg.reader.warnings
    }
  }
}
