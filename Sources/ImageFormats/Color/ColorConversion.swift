import CLCMS
import ParallelWork

/// A conversion of samples from one colour space to red, green and blue of
/// another, relative to the white of each and with the black of one taken to
/// the black of the other.
///
/// - Note: Marked Sendable because Little CMS does not change a transform that
///   is in use: each call keeps its state on the stack.
final class ColorConversion: @unchecked Sendable {
  /// How the samples lie in memory.
  struct Layout {
    /// 1 or 2 bytes a sample.
    var sampleBytes: Int
    /// Samples a pixel, 3 or 4; a fourth that is not an ink stays as it is.
    var channels: Int
    /// Whether the first three samples of each pixel are the same, and stay so.
    /// Those of a grey profile have to be.
    var isGrey = false
  }

  private let context: ColorContext
  private let transform: cmsHTRANSFORM

  /// Whether the samples are red, green and blue.
  private let isRGB: Bool

  /// What each grey becomes, where that is all there is to convert.
  private var greys: [UInt16] = []

  /// Prepares a conversion; `nil` when a profile is broken.
  ///
  /// - Parameters:
  ///   - source: The space of the samples.
  ///   - target: An RGB space.
  ///   - layout: How the samples lie in memory, before and after.
  init?(
    from source: ColorProfile, to target: ColorProfile, _ layout: Layout
  ) {
    guard let context = ColorContext(), target.samples == .rgb,
      let input = context.open(source.bytes),
      let output = context.open(target.bytes),
      let transform = cmsCreateTransformTHR(
        context.handle,
        input, Self.word(source.samples, layout),
        output, Self.word(.rgb, layout),
        UInt32(INTENT_RELATIVE_COLORIMETRIC),
        Self.flags(source.samples, layout, isMatrix: cmsIsMatrixShaper(input)))
    else { return nil }
    self.context = context
    self.transform = transform
    isRGB = source.samples == .rgb
    guard layout.isGrey else { return }
    // A table is faster than Little CMS, and exact.
    let count = layout.sampleBytes == 1 ? 256 : 65_536
    greys = (0..<count).flatMap { grey in
      [UInt16](repeating: UInt16(grey), count: layout.channels)
    }
    if layout.sampleBytes == 1 {
      var bytes = greys.map { UInt8($0) }
      cmsDoTransform(transform, bytes, &bytes, UInt32(count))
      greys = bytes.map { UInt16($0) }
    } else {
      let samples = greys
      cmsDoTransform(transform, samples, &greys, UInt32(count))
    }
    // The three differ by rounding at most; grey stays grey.
    greys = (0..<count).map { greys[$0 * layout.channels + 1] }
  }

  deinit { cmsDeleteTransform(transform) }

  /// Converts pixels in place. A grey that becomes one but for rounding is
  /// exactly grey.
  ///
  /// - Parameters:
  ///   - samples: Whole pixels of the layout that was given.
  ///   - count: How many.
  ///   - channels: Samples a pixel.
  ///   - workers: The threads to use.
  /// - Complexity: O(pixels).
  func convert<Sample: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ samples: SharedMemory<Sample>, count: Int, channels: Int,
    _ workers: Workers
  ) {
    let strip = 16_384
    workers.forEachMetered((count + strip - 1) / strip) { piece in
      let pixels = min(strip, count - piece * strip)
      let start = samples.start + piece * strip * channels
      guard !greys.isEmpty else {
        let places =
          isRGB ? Self.greys(start, count: pixels, channels: channels) : []
        cmsDoTransform(transform, start, start, UInt32(pixels))
        Self.settle(start, places)
        return
      }
      for i in 0..<pixels {
        let grey = Sample(truncatingIfNeeded: greys[Int(start[i * channels])])
        for channel in 0..<3 { start[i * channels + channel] = grey }
      }
    }
  }

  /// Where the pixels begin whose red, green and blue are equal.
  private static func greys<Sample: FixedWidthInteger>(
    _ start: UnsafeMutablePointer<Sample>, count: Int, channels: Int
  ) -> [Int] {
    stride(from: 0, to: count * channels, by: channels).filter {
      start[$0] == start[$0 + 1] && start[$0] == start[$0 + 2]
    }
  }

  /// Makes greys of pixels that are grey but for rounding: by 1 with 8 bits a
  /// sample, and by what a matrix of 16 bits loses with 16.
  private static func settle<Sample: FixedWidthInteger>(
    _ start: UnsafeMutablePointer<Sample>, _ places: [Int]
  ) {
    let most = Sample(Sample.bitWidth == 8 ? 1 : 32)
    for place in places {
      let (red, green, blue) = (
        start[place], start[place + 1], start[place + 2]
      )
      guard max(red, green, blue) - min(red, green, blue) <= most else {
        continue
      }
      start[place] = green
      start[place + 2] = green
    }
  }

  /// Whether the conversion changes no sample by more than 1/255: the two
  /// spaces are the same but for rounding.
  ///
  /// - Parameters:
  ///   - source: A space.
  ///   - target: An RGB space.
  /// - Returns: The answer, or `nil` when a profile is broken.
  /// - Complexity: O(1), about a thousand colours.
  static func changesNothing(
    from source: ColorProfile, to target: ColorProfile
  ) -> Bool? {
    guard source.samples != .cmyk else { return false }
    guard
      let conversion = ColorConversion(
        from: source, to: target,
        Layout(
          sampleBytes: 2, channels: 3, isGrey: source.samples == .grey))
    else { return nil }
    var samples = (0..<256).flatMap { grey in
      [UInt16](repeating: UInt16(grey) * 257, count: 3)
    }
    if source.samples == .rgb {
      let steps = stride(from: UInt16(0), through: 65_535, by: 8_191)
      for red in steps {
        for green in steps {
          for blue in steps { samples += [red, green, blue] }
        }
      }
    }
    let before = samples
    samples.withUnsafeMutableBufferPointer { buffer in
      conversion.convert(
        SharedMemory(buffer), count: buffer.count / 3, channels: 3,
        Workers(threads: 1))
    }
    return zip(before, samples).allSatisfy { abs(Int($0) - Int($1)) <= 257 }
  }

  /// The layout in the bits that Little CMS uses for it.
  private static func word(
    _ samples: ColorProfile.Samples, _ layout: Layout
  ) -> UInt32 {
    let (space, count) =
      switch samples {
      case .grey: (PT_GRAY, 1)
      case .rgb: (PT_RGB, 3)
      case .cmyk: (PT_CMYK, 4)
      }
    let extra = layout.channels - count
    // 0 is all ink.
    let flavor = samples == .cmyk ? 1 : 0
    return UInt32(space) << 16 | UInt32(flavor) << 13 | UInt32(extra) << 7
      | UInt32(count) << 3 | UInt32(layout.sampleBytes)
  }

  private static func flags(
    _ samples: ColorProfile.Samples, _ layout: Layout, isMatrix: cmsBool
  ) -> UInt32 {
    var flags = cmsFLAGS_BLACKPOINTCOMPENSATION
    if layout.sampleBytes == 2 || layout.isGrey {
      // Little CMS would put the whole conversion in a coarse table.
      flags |= cmsFLAGS_NOOPTIMIZE
    } else if isMatrix == 0 {
      flags |= cmsFLAGS_HIGHRESPRECALC
    }
    return UInt32(flags)
  }
}
