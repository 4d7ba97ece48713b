import ParallelWork

/// The way of an image's samples from the file's colour space to the one that
/// was asked for.
struct ColorManagement {
  /// What a file's samples are.
  enum Coded: Equatable {
    /// Grey, already written to red, green and blue.
    case grey
    /// Red, green, blue.
    case rgb
    /// Cyan, magenta, yellow, black; 0 is all ink, the greatest sample none.
    case cmyk

    /// The profiles that a file of such samples may have. Grey files with an
    /// RGB profile are against the rules and common.
    fileprivate var profiles: [ColorProfile.Samples] {
      switch self {
      case .grey: [.grey, .rgb]
      case .rgb: [.rgb]
      case .cmyk: [.cmyk]
      }
    }
  }

  /// What was passed over.
  private(set) var warnings: [String]

  private let target: ColorTarget
  private var coded: Coded
  private var source: ColorProfile?

  /// Creates the way.
  ///
  /// - Parameters:
  ///   - source: The file's profile; `nil` is sRGB, or inks as they are.
  ///   - target: What was asked for.
  ///   - coded: What the samples are.
  ///   - warnings: What was passed over before.
  init(
    from source: ColorProfile?, to target: ColorTarget, _ coded: Coded,
    warnings: [String] = []
  ) {
    self.source = source
    self.target = target
    self.coded = coded
    self.warnings = warnings
    if let source, !coded.profiles.contains(source.samples) {
      self.source = nil
      self.warnings.append(
        "the ICC profile is for other samples than the image has; "
          + assumption)
    }
  }

  /// Converts pixels, where there is anything to convert.
  ///
  /// - Parameters:
  ///   - pixels: Samples as the file has them; red, green and blue afterwards,
  ///     with alpha where there was.
  ///   - workers: The threads to use.
  /// - Returns: The space that the samples are in, and its profile; `nil` for
  ///   sRGB.
  /// - Throws: `DecodeError.outOfMemory`.
  /// - Complexity: O(pixels), O(1) where nothing is to be converted.
  mutating func convert<Sample>(
    _ pixels: inout CodedPixels<Sample>, _ workers: Workers
  ) throws(DecodeError) -> (space: ColorTarget, profile: [UInt8]?) {
    if source == nil, coded == .cmyk {
      pixels.mixInks(workers)
      pixels.dropFourth()
      coded = .rgb
    }
    if source == nil, target != .displayP3 { return (.sRGB, nil) }
    guard let sRGB = ColorProfile.sRGB, let p3 = ColorProfile.displayP3 else {
      throw .outOfMemory(bytes: 0)
    }
    if let source {
      guard
        let isSRGB = ColorConversion.changesNothing(from: source, to: sRGB)
      else { return try assumeNone(&pixels, workers) }
      if isSRGB {
        self.source = nil
        return try convert(&pixels, workers)
      }
      if target == .input, source.samples == .rgb {
        return (.input, source.bytes)
      }
    }
    let wanted = target == .displayP3 ? p3 : sRGB
    let result: (ColorTarget, [UInt8]?) =
      target == .displayP3 ? (.displayP3, p3.bytes) : (.sRGB, nil)
    if target == .displayP3, let source,
      ColorConversion.changesNothing(from: source, to: p3) == true
    {
      return result
    }
    let source = source ?? sRGB
    let layout = ColorConversion.Layout(
      sampleBytes: MemoryLayout<Sample>.size, channels: pixels.channels,
      isGrey: coded == .grey)
    guard
      let conversion = ColorConversion(from: source, to: wanted, layout)
    else { return try assumeNone(&pixels, workers) }
    pixels.convert(conversion, workers)
    if source.samples == .cmyk { pixels.dropFourth() }
    return result
  }

  private mutating func assumeNone<Sample>(
    _ pixels: inout CodedPixels<Sample>, _ workers: Workers
  ) throws(DecodeError) -> (space: ColorTarget, profile: [UInt8]?) {
    guard source != nil else { throw .outOfMemory(bytes: 0) }
    source = nil
    warnings.append("\(Self.brokenProfile); \(assumption)")
    return try convert(&pixels, workers)
  }

  /// What is done without a profile.
  private var assumption: String { Self.assumption(coded) }

  private static func assumption(_ coded: Coded) -> String {
    switch coded {
    case .cmyk: "its inks are mixed without one"
    case .grey, .rgb: "sRGB is assumed"
    }
  }

  /// The warning for a profile that cannot be used.
  ///
  /// - Parameter coded: What the samples are.
  /// - Returns: A line.
  static func brokenProfile(for coded: Coded) -> String {
    "\(brokenProfile); \(assumption(coded))"
  }

  private static let brokenProfile = "the ICC profile is broken"
}
