import CImageShims
public import ParallelWork
public import Rasters

/// Writes the smallest PNG it finds: every pixel stays, but the order of the
/// palette, the filters and the form are tried out, and compressed harder than
/// zlib can.
///
/// The same image and options give the same bytes with the same versions of
/// libpng and libdeflate, on any number of threads.
public struct PNGOptimizer: Sendable {
  /// A file and its palette.
  public struct Result: Sendable {
    /// The bytes of the file.
    public let bytes: [UInt8]

    /// For each entry of the file's palette its number in the image's; the
    /// image's own order where the file has none.
    public let order: [Int]
  }

  /// Whether a file without a profile says that it is sRGB.
  public var marksSRGB = true

  /// The threads to use.
  public var workers: Workers

  /// Creates an encoder.
  ///
  /// - Parameter workers: The threads to use.
  public init(workers: Workers) {
    self.workers = workers
  }

  /// Writes a palette image.
  ///
  /// Tried are several orders of the palette, with translucent entries first;
  /// grey without a palette where all colours are grey and opaque and there is
  /// no profile (an RGB profile cannot be with grey samples); and, for icons,
  /// the colours themselves, as a palette may be longer than they are.
  ///
  /// - Parameters:
  ///   - image: The image.
  ///   - annotations: What the file says beside the pixels, as
  ///     ``PNGEncoder/encode(_:annotations:)-(IndexedImage,_)`` does.
  /// - Returns: The file, and the order of its palette.
  /// - Throws: `EncodeError`: `.indexBeyondPalette`, `.tooLarge`,
  ///   `.outOfMemory`, `.failed`.
  /// - Complexity: O(pixels), some 50 times what `PNGEncoder` needs; less where a
  ///   sample of the rows tells which way is best.
  public func encode(
    _ image: IndexedImage, annotations: Annotations = Annotations()
  ) throws(EncodeError) -> Result {
    try PNGEncoder.checkIndices(image)
    let depth = PNGEncoder.bitDepth(paletteCount: image.palette.count)
    var forms = PaletteOrder.candidates(of: image).map {
      PNGForm(image, order: $0, bitDepth: depth)
    }
    if annotations.profile == nil, let grey = PNGForm(grey: image) {
      forms.append(grey)
    }
    if image.size.pixelCount <= Self.mostPixelsInColors {
      forms.append(
        PNGForm(Self.colors(of: image), mayBeGrey: annotations.profile == nil))
    }
    let (form, stream) = try smallest(of: forms)
    let writer = try writer(form)
    if form.colorType == 3 {
      try writer.setPalette(
        form.order.map { image.palette[$0] },
        alphas: form.order.map {
          $0 < image.alphas.count ? image.alphas[$0] : 255
        })
    }
    return Result(
      bytes: try writer.finish(compressed: stream, annotations),
      order: form.order.isEmpty ? Array(image.palette.indices) : form.order)
  }

  /// Writes an image of 8 bits a sample, as grey where all of it is and there
  /// is no profile.
  ///
  /// - Parameters:
  ///   - raster: The image.
  ///   - annotations: What the file says beside the pixels.
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.tooLarge`, `.outOfMemory`, `.failed`.
  /// - Complexity: O(pixels), some 20 times what `PNGEncoder` needs.
  public func encode(
    _ raster: Raster, annotations: Annotations = Annotations()
  ) throws(EncodeError) -> [UInt8] {
    let form = PNGForm(raster, mayBeGrey: annotations.profile == nil)
    let (_, stream) = try smallest(of: [form])
    return try writer(form).finish(compressed: stream, annotations)
  }

  /// The hardest level, and the one by which ways are compared first.
  private static let (level, firstLevel): (Int32, Int32) = (12, 6)

  /// The level for large images: 0.2 % more bytes in 0.7 of the time.
  private static let largeLevel: Int32 = 11

  /// The pixels from which on a palette is shorter than what it saves.
  private static let mostPixelsInColors = 16_384

  /// The pixels of a palette image as samples.
  private static func colors(of image: IndexedImage) -> Raster {
    let hasAlpha = image.alphas.contains { $0 < 255 }
    let samples = image.indices.flatMap { index -> [UInt8] in
      let color = image.palette[Int(index)]
      let alpha =
        index < image.alphas.count ? image.alphas[Int(index)] : 255
      return [color.red, color.green, color.blue] + (hasAlpha ? [alpha] : [])
    }
    return Raster(
      size: image.size, channels: hasAlpha ? .rgba : .rgb, samples: samples)
  }

  /// The bytes of rows by which ways are compared: of more, a sample of about
  /// this many, so that only what is written takes time for every pixel. Half as
  /// many, and an easier level, have chosen an order that took 1.5 % more.
  private static let sampleBytes = 1 << 20

  /// The pieces of a sample.
  private static let sampleBands = 8

  /// The rows by which ways are compared: all, or bands at even distances.
  private static func sample(of forms: [PNGForm]) -> [Range<Int>] {
    guard let form = forms.max(by: { $0.rowBytes < $1.rowBytes }) else {
      return []
    }
    let height = form.size.height
    let rows = max(1, sampleBytes / sampleBands / form.rowBytes)
    guard form.rowBytes * height > sampleBytes, rows * sampleBands < height
    else { return [0..<height] }
    return (0..<sampleBands).map { band in
      let start = band * (height - rows) / (sampleBands - 1)
      return start..<start + rows
    }
  }

  /// How many of the best ways are compressed at the hardest level.
  private static let finalists = 4

  /// The form that takes the fewest bytes, and its compressed rows; of equal
  /// ones the first.
  private func smallest(
    of forms: [PNGForm]
  ) throws(EncodeError) -> (PNGForm, [[UInt8]]) {
    let ways = forms.indices.flatMap { form in
      RowFilter.allCases.map { (form: form, filter: $0) }
    }
    let bands = Self.sample(of: forms)
    let sampled = bands.reduce(0) { $0 + $1.count }
    let isWhole = sampled == forms.first?.size.height
    let level = isWhole ? Self.level : Self.largeLevel
    // The bytes of all rows, as far as the sample tells.
    let size = { @Sendable (form: PNGForm, stream: [UInt8]) -> Int in
      stream.count * form.size.height / sampled + form.headerBytes
    }
    let estimates = WorkMeter.part(isWhole ? 0.1...0.4 : 0.1...0.3) {
      workers.mapMetered(ways.count) { way -> Int? in
        let form = forms[ways[way].form]
        let stream = form.compressed(
          ways[way].filter, bands, level: Self.firstLevel)
        return stream.map { size(form, $0) }
      }
    }
    let known = estimates.compactMap(\.self)
    guard known.count == ways.count else { throw .outOfMemory }
    let finalists = ways.indices.sorted { (known[$0], $0) < (known[$1], $1) }
      .prefix(Self.finalists).map { ways[$0] }
    let streams = WorkMeter.part(isWhole ? 0.4...1 : 0.3...0.4) {
      workers.mapMetered(finalists.count) { place in
        forms[finalists[place].form].compressed(
          finalists[place].filter, bands, level: level)
      }
    }
    var best: (way: Int, size: Int, stream: [UInt8])?
    for (way, stream) in streams.enumerated() {
      guard let stream else { throw .outOfMemory }
      let size = size(forms[finalists[way].form], stream)
      if let best, best.size <= size { continue }
      best = (way, size, stream)
    }
    guard let best else { throw .outOfMemory }
    let form = forms[finalists[best.way].form]
    guard !isWhole else { return (form, [best.stream]) }
    let parts = try WorkMeter.part(0.4...1) { () throws(EncodeError) in
      try form.compressed(
        finalists[best.way].filter, level: level, workers: workers)
    }
    return (form, parts)
  }

  private func writer(_ form: PNGForm) throws(EncodeError) -> PNGWriter {
    try PNGEncoder.checkSize(form.size)
    var layout = qz_png_layout()
    layout.width = UInt32(form.size.width)
    layout.height = UInt32(form.size.height)
    layout.color_type = form.colorType
    layout.bit_depth = UInt8(form.bitDepth)
    layout.marks_srgb = marksSRGB ? 1 : 0
    return try PNGWriter(layout)
  }
}
