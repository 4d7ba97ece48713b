import ParallelWork
public import SystemPackage

/// Writes responsibilities as arrays for NumPy: an uncompressed .npz.
///
/// | array | shape | type |
/// |---|---|---|
/// | `indices` | height, width, C' | uint8; uint16 for more than 256 components |
/// | `responsibilities` | height, width, C' | float32 |
/// | `means` | components, D | float64, not a number for transparency |
/// | `palette` | components, 3 or 4 | uint8 |
/// | `sigma2`, `free_energy` | | float64 |
/// | `variances` | components | float64, not a number for transparency |
/// | `proportions` | components | float64, 0 for transparency |
/// | `space` | | text |
/// | `channels` | D | text, of images of channels only |
/// | `normalization` | D, 2 | float64, of images of channels only |
///
/// `indices` and `responsibilities` of several pages have the shape pages, height,
/// width, C'. A coordinate of `means` is (sample − offset) × factor with the two
/// numbers of `normalization`.
///
/// D is the number of coordinates of a point: of grey pictures 1, or 2 with alpha.
/// `variances` and `proportions` are of variants only. With N the pixels that are
/// not fully transparent, π of `proportions` or else 1 / components of the model,
/// and σ² of `variances` or else `sigma2`, `free_energy` is
///
///     1/N Σ_n log Σ_{c∈K_n} π_c (2πσ_c²)^(−D/2) exp(−|y_n−μ_c|²/2σ_c²)
public enum NPZWriter: SoftWriter {
  package static let name = "NPZ"

  package static let endings = [".npz"]

  package static let depths: [SampleDepth] = [.float]

  package static let isStreamed = true

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - image: What to write.
  ///   - path: The file, which is replaced.
  ///   - depth: Makes no difference.
  /// - Throws: `SoftFormatError.inputOutput`.
  /// - Complexity: O(pixels × C'); memory for two strips.
  public static func write(
    _ image: SoftImage, to path: FilePath, depth: SampleDepth
  ) throws(SoftFormatError) {
    var zip = try ZipWriter(path)
    try WorkMeter.part(0...0.5) { () throws(SoftFormatError) in
      try writeIndices(image, &zip)
    }
    try WorkMeter.part(0.5...1) { () throws(SoftFormatError) in
      try writeResponsibilities(image, &zip)
    }
    let model = image.map.model
    let transparent = image.map.components - model.components
    try zip.add(
      "means.npy",
      NumPyArray.file(
        model.means
          + [Double](repeating: .nan, count: transparent * model.dimension),
        [image.map.components, model.dimension]))
    let channels = image.hasAlpha ? 4 : 3
    try zip.add(
      "palette.npy",
      NumPyArray.file(
        image.colors.flatMap { entry in
          [entry.color.red, entry.color.green, entry.color.blue]
            + (channels == 4 ? [entry.alpha] : [])
        }, [image.map.components, channels]))
    try zip.add("sigma2.npy", NumPyArray.file([model.variance], []))
    try zip.add("free_energy.npy", NumPyArray.file([image.freeEnergy], []))
    for (name, values, none) in [
      ("variances", model.variances, Double.nan),
      ("proportions", model.mixingWeights, 0),
    ] {
      guard let values else { continue }
      try zip.add(
        "\(name).npy",
        NumPyArray.file(
          values + [Double](repeating: none, count: transparent),
          [image.map.components]))
    }
    try zip.add("space.npy", NumPyArray.file(image.spaceName))
    if let channels = image.channels {
      try zip.add("channels.npy", NumPyArray.file(channels.names))
      try zip.add(
        "normalization.npy",
        NumPyArray.file(
          channels.scales.flatMap { [$0.offset, $0.factor] },
          [channels.scales.count, 2]))
    }
    try zip.finish()
  }

  private static func shape(_ image: SoftImage) -> [Int] {
    (image.pages > 1 ? [image.pages] : [])
      + [image.size.height / image.pages, image.size.width]
      + [image.map.truncation.count]
  }

  private static func writeIndices(
    _ image: SoftImage, _ zip: inout ZipWriter
  ) throws(SoftFormatError) {
    let isNarrow = image.map.components <= 256
    let shape = shape(image)
    let header = NumPyArray.header(isNarrow ? "|u1" : "<u2", shape)
    let entries = Int64(shape.reduce(1, *))
    try zip.begin(
      "indices.npy", size: Int64(header.count) + entries * (isNarrow ? 1 : 2))
    try zip.write(header)
    for rows in image.map.strips(of: image.map.stripHeight()) {
      let components = image.map.strip(rows).components
      if isNarrow {
        try zip.write(components.map { UInt8(truncatingIfNeeded: $0) })
      } else {
        try zip.write(components.littleEndianBytes)
      }
    }
    try zip.end()
  }

  private static func writeResponsibilities(
    _ image: SoftImage, _ zip: inout ZipWriter
  ) throws(SoftFormatError) {
    let shape = shape(image)
    let header = NumPyArray.header("<f4", shape)
    try zip.begin(
      "responsibilities.npy",
      size: Int64(header.count) + 4 * Int64(shape.reduce(1, *)))
    try zip.write(header)
    for rows in image.map.strips(of: image.map.stripHeight()) {
      let shares = image.map.strip(rows).responsibilities
      try zip.write(shares.map(\.bitPattern).littleEndianBytes)
    }
    try zip.end()
  }
}

extension Array where Element: FixedWidthInteger {
  /// The numbers, the lowest byte of each first.
  var littleEndianBytes: [UInt8] {
    map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
  }
}
