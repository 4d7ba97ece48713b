import CLibrary
import Rasters

/// A Windows bitmap that is being read. There is no library for it that is worth
/// another dependency.
final class BMPReader: ImageReader {
  private let layout: BMPLayout
  private let bytes: ImageBytes

  /// Samples of the four parts of a pixel, where they have few bits.
  private let parts: BMPParts?

  /// The next row to hand out, from the top.
  private var row = 0

  init(_ bytes: ImageBytes, _: DecodeLimits) throws(DecodeError) {
    let layout = try BMPLayout(bytes)
    self.layout = layout
    if case .masks(_, let masks) = layout.coding {
      parts = BMPParts(masks, sampleBytes: layout.sampleBytes)
    } else {
      parts = nil
    }
    switch bytes {
    case .memory: self.bytes = bytes
    case .file(let descriptor):
      let own = dup(descriptor)
      guard own >= 0 else { throw .outOfMemory(bytes: 0) }
      self.bytes = .file(descriptor: own)
    }
  }

  deinit {
    if case .file(let descriptor) = bytes { _ = close(descriptor) }
  }

  var header: ImageHeader {
    let (bits, kind) =
      switch layout.coding {
      case .palette(let bits): (bits, "palette BMP")
      case .runs(let bits): (bits, "palette BMP, run lengths")
      case .masks(let bits, _):
        (bits, layout.hasAlpha ? "RGBA BMP" : "RGB BMP")
      }
    return ImageHeader(
      format: .bmp, size: layout.size, kind: "\(bits)-bit \(kind)")
  }

  var channels: Int { hasAlpha ? 4 : 3 }

  var hasAlpha: Bool { layout.hasAlpha }

  var sampleBytes: Int { layout.sampleBytes }

  /// The upper rows of most files are at their end.
  var keepsRows: Bool { !layout.isBottomUp && !isRuns }

  var soundRows: Int { keepsRows ? row : 0 }

  private var isRuns: Bool {
    if case .runs = layout.coding { return true }
    return false
  }

  /// A run says where it goes.
  var obstacle: ImageStream.Obstacle? { isRuns ? .decodedAtOnce : nil }

  /// Two bytes are at most 255 pixels of a run; runs may leave out what they like,
  /// but not without measure.
  func fits(in count: Int) -> Bool {
    guard !isRuns else {
      return (size.pixelCount - 16 << 20) / 128 <= count
    }
    let rows = layout.rowBytes.multipliedReportingOverflow(
      by: size.height - 1)
    return !rows.overflow
      && layout.offset + rows.partialValue + layout.leastRowBytes <= count
  }

  func colors(
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement {
    guard let place = layout.profile else {
      return ColorManagement(
        from: nil, to: target, .rgb,
        warnings: layout.hasLinkedProfile
          ? [
            "the ICC profile is in another file; the colours are read as sRGB"
          ] : [])
    }
    guard place.count <= limits.metadataBytes else {
      throw .metadataTooLarge(
        format: .bmp, what: "an ICC profile",
        maximumBytes: limits.metadataBytes)
    }
    let profile = ColorProfile(bytes.bytes(place.count, at: place.lowerBound))
    return ColorManagement(
      from: profile, to: target, .rgb,
      warnings: profile == nil
        ? [ColorManagement.brokenProfile(for: .rgb)] : [])
  }

  func annotations() -> Annotations {
    var annotations = Annotations()
    annotations.density = layout.density
    return annotations
  }

  var warnings: [String] { [] }

  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    let stride = size.width * channels * sampleBytes
    precondition(samples.count >= stride * rows)
    guard !isRuns else {
      let indices = try BMPRuns.indices(of: bytes, layout)
      for (i, index) in indices.enumerated() {
        try put(index, into: samples, at: 3 * i)
      }
      row = rows
      return
    }
    for i in 0..<rows {
      let stored = layout.isBottomUp ? size.height - 1 - row : row
      let coded = bytes.bytes(
        layout.leastRowBytes, at: layout.offset + stored * layout.rowBytes)
      guard coded.count == layout.leastRowBytes else {
        throw damage("a row is missing")
      }
      let room = UnsafeMutableRawBufferPointer(
        rebasing: samples[i * stride..<(i + 1) * stride])
      try put(row: coded, into: room)
      row += 1
    }
  }

  func finish() {}

  private func damage(_ reason: String) -> DecodeError {
    .damaged(format: .bmp, reason: reason, keepsRows: soundRows > 0)
  }

  /// Writes the colour of an index.
  private func put(
    _ index: UInt8, into samples: UnsafeMutableRawBufferPointer, at place: Int
  ) throws(DecodeError) {
    guard index < layout.palette.count else {
      throw damage("an index beyond the palette")
    }
    let color = layout.palette[Int(index)]
    for channel in 0..<3 { samples[place + channel] = color[channel] }
  }

  private func put(
    row coded: [UInt8], into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {
    guard let parts else {
      let bits = layout.bits
      let mask = UInt8(truncatingIfNeeded: (1 << bits) - 1)
      for x in 0..<size.width {
        let shift = 8 - bits - x * bits % 8
        try put(coded[x * bits / 8] >> shift & mask, into: samples, at: 3 * x)
      }
      return
    }
    let (count, channels) = (layout.bits / 8, channels)
    if let places = parts.bytes, places.count == channels {
      for channel in 0..<channels {
        coded.withUnsafeBufferPointer { coded in
          var (from, to) = (places[channel], channel)
          for _ in 0..<size.width {
            samples[to] = coded[from]
            (from, to) = (from + count, to + channels)
          }
        }
      }
      return
    }
    let deep = samples.assumingMemoryBound(to: UInt16.self)
    for x in 0..<size.width {
      var pixel: UInt32 = 0
      for i in 0..<count {
        pixel |= UInt32(coded[x * count + i]) << UInt32(8 * i)
      }
      for channel in 0..<channels {
        let sample = parts[channel, pixel]
        if sampleBytes == 2 {
          deep[x * channels + channel] = sample
        } else {
          samples[x * channels + channel] = UInt8(truncatingIfNeeded: sample)
        }
      }
    }
  }
}
