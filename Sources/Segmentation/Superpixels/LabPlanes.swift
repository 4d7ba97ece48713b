import ColorModels
package import ParallelWork
package import Rasters

/// The colours of an image in CIELAB, a plane a coordinate, in single precision.
///
/// L* is scaled by ``lightnessScale``: light and shadow within an object change
/// it more than a* and b*.
package struct LabPlanes: Sendable {
  /// What L* is multiplied by.
  package static let lightnessScale = 0.7

  /// The most that a vector reads behind the end of a row.
  package static let padding = 8

  /// Width and height.
  package let size: ImageSize

  /// From a row to the next in each plane.
  package let stride: Int

  /// Scaled L*, a* and b*: three planes of `stride * height` numbers.
  package private(set) var samples: [Float]

  /// The numbers in a plane.
  package var planeCount: Int { stride * size.height }

  /// Converts an image.
  ///
  /// Colours are accurate to some 0.01: cube roots are read off a table.
  ///
  /// - Parameters:
  ///   - raster: sRGB; alpha is ignored.
  ///   - workers: The threads to use.
  /// - Complexity: O(pixels).
  package init(_ raster: Raster, _ workers: Workers) {
    size = raster.size
    let (width, height) = (size.width, size.height)
    let stride = width + Self.padding
    self.stride = stride
    let plane = stride * height
    let channels = raster.channels.count
    let tables = Tables.shared
    samples = [Float](unsafeUninitializedCapacity: 3 * plane) {
      buffer, filled in
      let target = SharedMemory(buffer)
      raster.samples.withUnsafeBufferPointer { source in
        let source = SharedSource(source)
        tables.response.withUnsafeBufferPointer { response in
          let response = SharedSource(response)
          tables.light.withUnsafeBufferPointer { light in
            let light = SharedSource(light)
            workers.forEach(height) { y in
              Self.convert(
                source.buffer, y * width * channels, channels, width,
                light.buffer, response.buffer,
                target.start + y * stride, plane)
            }
          }
        }
      }
      filled = 3 * plane
    }
  }

  private static func convert(
    _ source: UnsafeBufferPointer<UInt8>, _ first: Int, _ channels: Int,
    _ width: Int, _ light: UnsafeBufferPointer<SIMD4<Float>>,
    _ response: UnsafeBufferPointer<SIMD2<Float>>,
    _ target: UnsafeMutablePointer<Float>, _ plane: Int
  ) {
    @inline(__always) func root(_ share: Float) -> Float {
      let place = share * Float(Tables.steps)
      let step = min(Tables.steps - 1, max(0, Int(place)))
      let line = response[step]
      return line.x + line.y * (place - Float(step))
    }
    var at = first
    for x in 0..<width {
      let share =
        light[Int(source[at])] + light[256 + Int(source[at + 1])]
        + light[512 + Int(source[at + 2])]
      let (fx, fy, fz) = (root(share.x), root(share.y), root(share.z))
      target[x] = Float(lightnessScale) * (116 * fy - 16)
      target[plane + x] = 500 * (fx - fy)
      target[2 * plane + x] = 200 * (fy - fz)
      at += channels
    }
    for d in 0..<3 {
      for x in width..<width + padding {
        target[d * plane + x] = target[d * plane + width - 1]
      }
    }
  }

  /// The image smoothed by the binomial filter of 3 × 3 pixels, borders
  /// repeated.
  ///
  /// - Parameter workers: The threads to use.
  /// - Returns: As many pixels.
  /// - Complexity: O(pixels).
  package func smoothed(_ workers: Workers) -> LabPlanes {
    var result = self
    let (width, height, stride) = (size.width, size.height, stride)
    samples.withUnsafeBufferPointer { source in
      let source = SharedSource(source)
      result.samples.withUnsafeMutableBufferPointer { target in
        let target = SharedMemory(target)
        workers.forEach(3 * height) { row in
          let (d, y) = row.quotientAndRemainder(dividingBy: height)
          guard let start = source.buffer.baseAddress else { return }
          let plane = start + d * height * stride
          let above = plane + max(0, y - 1) * stride
          let own = plane + y * stride
          let below = plane + min(height - 1, y + 1) * stride
          let out = target.start + (d * height + y) * stride
          func column(_ x: Int) -> Float { above[x] + 2 * own[x] + below[x] }
          // In place of vectors: each column's sum serves three pixels.
          var (left, middle) = (column(0), column(0))
          for x in 0..<width {
            let right = column(min(width - 1, x + 1))
            out[x] = (left + 2 * middle + right) / 16
            (left, middle) = (middle, right)
          }
          for x in width..<stride { out[x] = out[width - 1] }
        }
      }
    }
    return result
  }
}

extension LabPlanes {
  /// What conversions read: light of samples and cube roots of light.
  private struct Tables: Sendable {
    /// The steps between 0 and 1 of the table of cube roots.
    static let steps = 8192

    static let shared = Tables()

    /// For each sample of red, then green, then blue its part of X, Y and Z
    /// relative to white.
    let light: [SIMD4<Float>]

    /// f of CIE 15:2004 at each step, and its rise to the next.
    let response: [SIMD2<Float>]

    private init() {
      light = (0..<768).map { i in
        let (channel, sample) = i.quotientAndRemainder(dividingBy: 256)
        let light = LabColor.light[sample]
        let rows = LabColor.rows.map { Float($0[channel] * light) }
        return SIMD4(rows[0], rows[1], rows[2], 0)
      }
      response = (0..<Self.steps).map { i in
        let from = LabColor.response(Double(i) / Double(Self.steps))
        let to = LabColor.response(Double(i + 1) / Double(Self.steps))
        return SIMD2(Float(from), Float(to - from))
      }
    }
  }
}
