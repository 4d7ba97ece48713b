/// Makes red, green and blue, with alpha or without, or four inks, of the samples
/// of a TIFF.
struct TIFFPixels {
  enum Alpha {
    case none
    /// The colours are multiplied with it.
    case associated
    case own
  }

  /// Samples a pixel.
  let samples: Int

  /// Those of colour, which come first.
  let colorSamples: Int
  let alpha: Alpha

  /// Colours of 8 bits; samples are their numbers.
  let palette: [SIMD3<UInt8>]?

  /// Whether 0 is the most light, or no ink.
  let isInverted: Bool

  /// Bytes a sample of the result, 1 or 2.
  let sampleBytes: Int

  /// Writes a row.
  ///
  /// - Parameters:
  ///   - values: Its samples.
  ///   - room: Room for 3 samples a pixel, or 4.
  func write(
    _ values: UnsafeBufferPointer<UInt16>,
    into room: UnsafeMutableRawBufferPointer
  ) {
    if sampleBytes == 1 {
      write(values, into: room.assumingMemoryBound(to: UInt8.self))
    } else {
      write(values, into: room.assumingMemoryBound(to: UInt16.self))
    }
  }

  private func write<Sample: FixedWidthInteger & UnsignedInteger>(
    _ values: UnsafeBufferPointer<UInt16>,
    into room: UnsafeMutableBufferPointer<Sample>
  ) {
    let count = values.count / samples
    let channels = colorSamples == 4 || alpha != .none ? 4 : 3
    for n in 0..<count {
      let first = n * samples
      let place = n * channels
      if let palette {
        let entry = palette[min(Int(values[first]), palette.count - 1)]
        for d in 0..<3 { room[place + d] = Sample(entry[d]) }
        continue
      }
      for d in 0..<max(3, colorSamples) {
        let value = Sample(
          truncatingIfNeeded: values[first + (colorSamples == 1 ? 0 : d)])
        room[place + d] = isInverted ? Sample.max - value : value
      }
      guard alpha != .none else { continue }
      let share = Sample(truncatingIfNeeded: values[first + colorSamples])
      room[place + 3] = share
      guard alpha == .associated else { continue }
      for d in 0..<3 {
        room[place + d] = Self.divided(room[place + d], by: share)
      }
    }
  }

  /// A colour before it was multiplied with alpha.
  private static func divided<Sample: FixedWidthInteger & UnsignedInteger>(
    _ value: Sample, by share: Sample
  ) -> Sample {
    guard share > 0 else { return 0 }
    let (value, share) = (UInt32(value), UInt32(share))
    return Sample(
      clamping: (value * UInt32(Sample.max) + share / 2) / share)
  }
}
