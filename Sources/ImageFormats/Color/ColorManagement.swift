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

  /// What is done to samples: first inks are mixed, then colours converted, then
  /// the fourth sample dropped.
  struct Steps {
    var mixesInks = false
    var conversion: ColorConversion?
    var dropsFourth = false

    /// The space that the samples are in afterwards.
    var space = ColorTarget.sRGB

    /// Its profile; `nil` for sRGB.
    var profile: [UInt8]?
  }

  /// Finds what is to be done.
  ///
  /// - Parameters:
  ///   - sampleBytes: 1 or 2 bytes a sample.
  ///   - channels: Samples a pixel as the file has them; red, green and blue
  ///     afterwards, with alpha where there was.
  /// - Returns: The steps.
  /// - Throws: `DecodeError.outOfMemory`.
  /// - Complexity: O(1).
  mutating func steps(
    sampleBytes: Int, channels: Int
  ) throws(DecodeError) -> Steps {
    var steps = Steps()
    var channels = channels
    if source == nil, coded == .cmyk {
      steps.mixesInks = true
      channels = 3
      coded = .rgb
    }
    if source == nil, target != .displayP3 { return steps }
    guard let sRGB = ColorProfile.sRGB, let p3 = ColorProfile.displayP3 else {
      throw .outOfMemory(bytes: 0)
    }
    if let source {
      guard
        let isSRGB = ColorConversion.changesNothing(from: source, to: sRGB)
      else { return try assumeNone(sampleBytes, channels) }
      if isSRGB {
        self.source = nil
        return try self.steps(sampleBytes: sampleBytes, channels: channels)
      }
      if target == .input, source.samples == .rgb {
        steps.space = .input
        steps.profile = source.bytes
        return steps
      }
    }
    let wanted = target == .displayP3 ? p3 : sRGB
    if target == .displayP3 {
      steps.space = .displayP3
      steps.profile = p3.bytes
    }
    if target == .displayP3, let source,
      ColorConversion.changesNothing(from: source, to: p3) == true
    {
      return steps
    }
    let source = source ?? sRGB
    let layout = ColorConversion.Layout(
      sampleBytes: sampleBytes, channels: channels, isGrey: coded == .grey)
    guard
      let conversion = ColorConversion(from: source, to: wanted, layout)
    else { return try assumeNone(sampleBytes, channels) }
    steps.conversion = conversion
    steps.dropsFourth = source.samples == .cmyk
    return steps
  }

  private mutating func assumeNone(
    _ sampleBytes: Int, _ channels: Int
  ) throws(DecodeError) -> Steps {
    guard source != nil else { throw .outOfMemory(bytes: 0) }
    source = nil
    warnings.append("\(Self.brokenProfile); \(assumption)")
    return try steps(sampleBytes: sampleBytes, channels: channels)
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
