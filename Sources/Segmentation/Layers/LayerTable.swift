import ParallelWork

/// The layers of each distinct colour of an image as whole numbers.
struct LayerTable: Sendable {
  /// The most bytes that it may take.
  private static let mostBytes = 128 << 20

  /// The most layers of a colour.
  private let truncation: Int

  /// How many layers each colour has.
  private var counts: [UInt16]

  /// The layer of each entry, and its red, green, blue and alpha.
  private var layers: [UInt16]
  private var samples: [SIMD4<UInt16>]

  /// Room for so many colours; `nil` where it would be too much.
  init?(colors: Int, _ truncation: Int) {
    let entries = colors.multipliedReportingOverflow(by: truncation)
    guard !entries.overflow, entries.partialValue <= Self.mostBytes / 10 else {
      return nil
    }
    self.truncation = truncation
    counts = [UInt16](repeating: 0, count: colors)
    layers = [UInt16](repeating: 0, count: entries.partialValue)
    samples = [SIMD4<UInt16>](repeating: .zero, count: entries.partialValue)
  }

  /// Room that threads write to.
  struct Room: Sendable {
    fileprivate let truncation: Int
    fileprivate let counts: SharedMemory<UInt16>
    fileprivate let layers: SharedMemory<UInt16>
    fileprivate let samples: SharedMemory<SIMD4<UInt16>>

    /// Adds the next layer of a colour, which has so many already.
    func append(_ sample: WholeLayers.Sample, to color: Int, _ count: Int) {
      let entry = color * truncation + count
      layers.start[entry] = UInt16(truncatingIfNeeded: sample.layer)
      samples.start[entry] = SIMD4<UInt16>(
        SIMD4(sample.color, sample.alpha))
      counts.start[color] = UInt16(truncatingIfNeeded: count + 1)
    }
  }

  /// Gives room for all colours.
  mutating func withRoom(_ body: (Room) -> Void) {
    let truncation = truncation
    counts.withUnsafeMutableBufferPointer { counts in
      layers.withUnsafeMutableBufferPointer { layers in
        samples.withUnsafeMutableBufferPointer { samples in
          body(
            Room(
              truncation: truncation, counts: SharedMemory(counts),
              layers: SharedMemory(layers), samples: SharedMemory(samples)))
        }
      }
    }
  }

  /// What threads read.
  struct Source {
    fileprivate let truncation: Int
    fileprivate let counts: UnsafeBufferPointer<UInt16>
    fileprivate let layers: UnsafeBufferPointer<UInt16>
    fileprivate let samples: UnsafeBufferPointer<SIMD4<UInt16>>

    /// Writes the layers of a colour.
    ///
    /// - Parameters:
    ///   - color: Its number.
    ///   - target: The pixel in the first layer.
    ///   - layerLength: The samples of a layer.
    ///   - width: The samples of a pixel.
    ///   - layer: The only layer that there is room for; `nil` for all.
    @inline(__always)
    func write<Sample: FixedWidthInteger>(
      _ color: Int, to target: UnsafeMutablePointer<Sample>, layerLength: Int,
      width: Int, only layer: Int?
    ) {
      let first = color * truncation
      for entry in first..<first + Int(counts[color]) {
        let own = Int(layers[entry])
        var place = target
        if let layer {
          guard own == layer else { continue }
        } else {
          place += layerLength * own
        }
        let sample = samples[entry]
        place[0] = Sample(truncatingIfNeeded: sample.x)
        place[1] = Sample(truncatingIfNeeded: sample.y)
        place[2] = Sample(truncatingIfNeeded: sample.z)
        if width == 4 { place[3] = Sample(truncatingIfNeeded: sample.w) }
      }
    }
  }

  /// Gives what threads read.
  @inline(__always)
  func withSource(_ body: (Source) -> Void) {
    counts.withUnsafeBufferPointer { counts in
      layers.withUnsafeBufferPointer { layers in
        samples.withUnsafeBufferPointer { samples in
          body(
            Source(
              truncation: truncation, counts: counts, layers: layers,
              samples: samples))
        }
      }
    }
  }
}
