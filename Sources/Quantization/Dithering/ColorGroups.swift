import ParallelWork
import Rasters

/// The colours of an image that has very many, 4 × 4 × 4 neighbours as one: for
/// what hardly differs among them, and would take long for each.
struct ColorGroups: Sendable {
  /// The group of each cube; 0 for cubes without colours.
  let ofCubes: [UInt32]

  /// The mean of the pixels of each group, in encoded samples.
  let points: [SIMD4<Float>]

  /// An entry near each group.
  let nearest: [UInt16]

  /// Images of fewer colours have no groups.
  static let leastColors = 1 << 19

  /// Groups the colours of an image.
  ///
  /// - Parameters:
  ///   - assignment: The colours, opaque ones of 8 bits a sample, and the
  ///     entries nearest to them.
  ///   - workers: The threads to use; the groups do not depend on them.
  /// - Complexity: O(colours).
  init(_ assignment: ColorAssignment, _ workers: Workers) {
    let histogram = assignment.histogram
    let codes = histogram.codes
    var starts: [Int] = []
    var last = UInt64.max
    codes.withUnsafeBufferPointer {
      for n in 0..<$0.count where $0[n] >> 6 != last {
        last = $0[n] >> 6
        starts.append(n)
      }
    }
    let count = starts.count
    starts.append(codes.count)
    let alpha = Float(CompositeSpace.encoded.opaqueAlpha)
    let offsets = (0..<64).map { Self.samples(UInt64($0)) }
    points = [SIMD4<Float>](unsafeUninitializedCapacity: count) {
      buffer, filled in
      let points = SharedMemory(buffer)
      let pieces = max(1, min(16, count / 1_024))
      workers.forEach(pieces) { [starts] piece in
        for group in (0..<count).piece(piece, of: pieces) {
          let range = starts[group]..<starts[group + 1]
          var sum = SIMD4<Double>.zero
          for n in range {
            let weight = Double(histogram.counts[n])
            sum += SIMD4(offsets[Int(codes[n] & 63)], 1) * weight
          }
          let mean = SIMD4<Float>(sum / sum.w)
          let corner = Self.samples(codes[range.lowerBound] & ~63)
          points.start[group] = SIMD4(
            mean.x + Float(corner.x), mean.y + Float(corner.y),
            mean.z + Float(corner.z), alpha)
        }
      }
      filled = count
    }
    nearest = starts.dropLast().map { assignment.entries[$0] }
    var ofCubes = [UInt32](repeating: 0, count: 1 << 18)
    for group in 0..<count {
      let color = MortonCode.decode(
        UInt32(truncatingIfNeeded: codes[starts[group]]))
      ofCubes[Self.cube(color.red, color.green, color.blue)] = UInt32(
        truncatingIfNeeded: group)
    }
    self.ofCubes = ofCubes
  }

  private static func samples(_ code: UInt64) -> SIMD3<Double> {
    let color = MortonCode.decode(UInt32(truncatingIfNeeded: code))
    return SIMD3(Double(color.red), Double(color.green), Double(color.blue))
  }

  /// Which cube a colour is in.
  @inline(__always)
  static func cube(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    Int(red >> 2) << 12 | Int(green >> 2) << 6 | Int(blue >> 2)
  }

  /// Calls `body` for each of some pixels with its group.
  ///
  /// - Parameters:
  ///   - range: Pixels.
  ///   - pixels: The image.
  ///   - body: Gets the pixel's place in the range and the group.
  /// - Complexity: O(pixels).
  func forEach(
    _ range: Range<Int>, of pixels: Pixels,
    _ body: (_ place: Int, _ group: Int) -> Void
  ) {
    guard case .eight(let raster) = pixels, raster.channels == .rgb else {
      preconditionFailure("the pixels are not those of the groups")
    }
    raster.samples.withUnsafeBufferPointer { samples in
      for place in 0..<range.count {
        let i = 3 * (range.lowerBound + place)
        let cube = Self.cube(samples[i], samples[i + 1], samples[i + 2])
        body(place, Int(ofCubes[cube]))
      }
    }
  }

  /// Which cube a colour is in, of red, green and blue as one number.
  static func cube(_ color: UInt32) -> Int {
    cube(
      UInt8(truncatingIfNeeded: color >> 16),
      UInt8(truncatingIfNeeded: color >> 8), UInt8(truncatingIfNeeded: color))
  }
}
