import ImageFormats
import ParallelWork
import Rasters
import Segmentation
import SystemPackage

/// A file of Photoshop with RGB layers in runs.
struct PhotoshopFile {
  private let image: LayerImage

  /// Whether lengths have 64 bits.
  private let isLarge: Bool

  init(_ image: LayerImage, isLarge: Bool) {
    self.image = image
    self.isLarge = isLarge
  }

  /// The longest side, and the most bytes.
  private var mostSide: Int { isLarge ? 300_000 : 30_000 }
  private var mostBytes: Int64 { isLarge ? .max : 2_000_000_000 }

  /// The numbers of channels in the order of ``PhotoshopPlanes``, as files have them.
  private static let channels: [Int16] = [0, 1, 2, -1]

  /// Writes the file.
  ///
  /// - Throws: `SoftFormatError.layersTooLarge` or `.inputOutput`.
  /// - Complexity: O(pixels × layers); memory for a strip.
  func write(to path: FilePath) throws(SoftFormatError) {
    let size = image.size
    guard max(size.width, size.height) <= mostSide else {
      throw tooLarge("sides of \(mostSide) pixels")
    }
    let layers = image.names.count
    guard layers <= Int(Int16.max) else {
      throw tooLarge("\(Int16.max) layers")
    }
    // The rows' lengths, and the bytes, of each channel of each layer and the picture.
    var counts = [[Int]](repeating: [], count: 4 * (layers + 1))
    var scratch = try ScratchFile(beside: path, parts: counts.count)
    let workers = Workers(threads: image.split.threads)
    try image.forEachStrip { strip throws(SoftFormatError) in
      let planes = PhotoshopPlanes(strip, workers: workers).planes
      for (n, layer) in planes.enumerated() {
        for (c, plane) in layer.enumerated() {
          try scratch.append(plane.bytes, to: 4 * n + c)
          counts[4 * n + c] += plane.counts
        }
      }
    }
    try write(counts, scratch, to: path)
  }

  private func write(
    _ counts: [[Int]], _ scratch: borrowing ScratchFile, to path: FilePath
  ) throws(SoftFormatError) {
    let layers = image.names.count
    let lengths = counts.indices.map { n in
      2 + Int64(countBytes * counts[n].count) + scratch.size(of: n)
    }
    let records = records(lengths)
    let data = lengths[..<(4 * layers)].reduce(0, +)
    var info = Int64(records.count) + data
    let padding = Int(-info & 3)
    info += Int64(padding)
    guard info < mostBytes else { throw tooLarge("2 GB") }
    var file = try FileWriter(path)
    try file.write(header)
    try file.write(section(of: info))
    try file.write(records)
    // From the bottom.
    for layer in (0..<layers).reversed() {
      for c in Self.order {
        try write([counts[4 * layer + c]], [4 * layer + c], scratch, to: &file)
      }
    }
    var end = [UInt8](repeating: 0, count: padding)
    // There is no mask of the whole document.
    if !image.isDeep { end.append(bigEndian: 0 as UInt32) }
    try file.write(end)
    let merged = (0..<(image.hasAlpha ? 4 : 3)).map { 4 * layers + $0 }
    try write(merged.map { counts[$0] }, merged, scratch, to: &file)
    try file.finish()
  }

  /// The order of a layer's channels in the file: alpha first.
  private static let order = [3, 0, 1, 2]

  /// Writes channels in runs: the lengths of all rows, and then their bytes.
  private func write(
    _ counts: [[Int]], _ parts: [Int], _ scratch: borrowing ScratchFile,
    to file: inout FileWriter
  ) throws(SoftFormatError) {
    var head: [UInt8] = []
    head.append(bigEndian: 1 as UInt16)
    for count in counts.joined() {
      if isLarge {
        head.append(bigEndian: UInt32(count))
      } else {
        head.append(bigEndian: UInt16(count))
      }
    }
    try file.write(head)
    for part in parts {
      for piece in 0..<scratch.pieces(of: part) {
        try file.write(try scratch.piece(piece, of: part))
      }
    }
  }

  /// The bytes of a row's length.
  private var countBytes: Int { isLarge ? 4 : 2 }

  /// Everything before the layers.
  private var header: [UInt8] {
    var bytes = Array("8BPS".utf8)
    bytes.append(bigEndian: UInt16(isLarge ? 2 : 1))
    bytes += [UInt8](repeating: 0, count: 6)
    bytes.append(bigEndian: UInt16(image.hasAlpha ? 4 : 3))
    bytes.append(bigEndian: UInt32(image.size.height))
    bytes.append(bigEndian: UInt32(image.size.width))
    bytes.append(bigEndian: UInt16(image.depth.rawValue))
    // RGB, and no table of colours.
    bytes.append(bigEndian: 3 as UInt16)
    bytes.append(bigEndian: 0 as UInt32)
    var resources: [UInt8] = []
    let annotations = image.annotations
    for (number, data) in [
      (1_005, resolution), (1_039, annotations.profile),
      (1_058, annotations.exif),
      (1_060, annotations.xmp),
    ] {
      guard let data else { continue }
      resources += Array("8BIM".utf8)
      resources.append(bigEndian: UInt16(number))
      resources.append(bigEndian: 0 as UInt16)
      resources.append(bigEndian: UInt32(data.count))
      resources += data
      resources.pad(to: 2)
    }
    bytes.append(bigEndian: UInt32(resources.count))
    return bytes + resources
  }

  /// Pixels of an inch, twice: a number of 16.16 bits, its unit, and the unit in which
  /// sides are shown, both inches.
  private var resolution: [UInt8]? {
    guard let density = image.annotations.density?.perInch else { return nil }
    var bytes: [UInt8] = []
    for number in [density.horizontal, density.vertical] {
      let fixed = (number * 65_536).rounded()
      guard let fixed = UInt32(exactly: fixed) else { return nil }
      bytes.append(bigEndian: fixed)
      bytes.append(bigEndian: 1 as UInt16)
      bytes.append(bigEndian: 1 as UInt16)
    }
    return bytes
  }

  /// The head of the section of layers. Layers of 16 bits have a block of their own
  /// behind an empty one.
  private func section(of info: Int64) -> [UInt8] {
    var bytes: [UInt8] = []
    guard image.isDeep else {
      append(info + lengthBytes + 4, to: &bytes)
      append(info, to: &bytes)
      return bytes
    }
    append(lengthBytes + 4 + 8 + lengthBytes + info, to: &bytes)
    append(0, to: &bytes)
    bytes.append(bigEndian: 0 as UInt32)
    bytes += Array("8BIMLr16".utf8)
    append(info, to: &bytes)
    return bytes
  }

  private var lengthBytes: Int64 { isLarge ? 8 : 4 }

  private func append(_ length: Int64, to bytes: inout [UInt8]) {
    if isLarge {
      bytes.append(bigEndian: length)
    } else {
      bytes.append(bigEndian: UInt32(length))
    }
  }

  /// What the file says of each layer, from the bottom.
  private func records(_ lengths: [Int64]) -> [UInt8] {
    var bytes: [UInt8] = []
    let layers = image.names.count
    // Less than 0: the alpha of the whole picture is its transparency.
    bytes.append(bigEndian: Int16(image.hasAlpha ? -layers : layers))
    for layer in (0..<layers).reversed() {
      for side in [0, 0, image.size.height, image.size.width] {
        bytes.append(bigEndian: Int32(side))
      }
      bytes.append(bigEndian: 4 as UInt16)
      for c in Self.order {
        bytes.append(bigEndian: Self.channels[c])
        append(lengths[4 * layer + c], to: &bytes)
      }
      // The lowest has nothing to be added to.
      let adds = image.split.blend == .add && layer < layers - 1
      bytes += Array("8BIM\(adds ? "lddg" : "norm")".utf8)
      // Opaque, not clipped, visible.
      bytes += [255, 0, 8, 0]
      let extra = names(of: image.names[layer])
      bytes.append(bigEndian: UInt32(extra.count))
      bytes += extra
    }
    return bytes
  }

  /// A layer's name: as ASCII, and as Unicode. Before it come two empty sections.
  private func names(of name: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 8)
    let short = name.unicodeScalars.prefix(255).map { scalar in
      scalar.isASCII
        ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "?")
    }
    bytes.append(UInt8(short.count))
    bytes += short
    bytes.pad(to: 4)
    let units = Array(name.utf16)
    var long: [UInt8] = []
    long.append(bigEndian: UInt32(units.count))
    for unit in units { long.append(bigEndian: unit) }
    long.pad(to: 4)
    bytes += Array("8BIMluni".utf8)
    bytes.append(bigEndian: UInt32(long.count))
    return bytes + long
  }

  private func tooLarge(_ limit: String) -> SoftFormatError {
    .layersTooLarge(
      isLarge ? .psb : .psd, limit: limit, other: isLarge ? .tiff : .psb)
  }
}
