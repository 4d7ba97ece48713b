import ColorModels
import ParallelWork

/// Layers in linear light, for programs that add up.
package struct LayerLight: Sendable {
  private let split: LayerSplit

  /// The light of each sample.
  private let light: [Double]

  /// Prepares the layers of an image that is encoded by the function of sRGB
  /// (IEC 61966-2-1).
  package init(_ split: LayerSplit) {
    self.split = split
    let most =
      switch split.pixels(0..<1) {
      case .eight: 255
      case .sixteen: 65_535
      }
    light = (0...most).map {
      TransferFunction.light(ofEncoded: Double($0) / Double(most))
    }
  }

  /// One layer of some rows: red, green and blue, each times alpha, and alpha. Over all
  /// layers they sum to those of the pixel.
  ///
  /// - Parameters:
  ///   - rows: Rows of the image, at least one.
  ///   - layer: The layer.
  /// - Returns: The light of each pixel.
  /// - Complexity: O(pixels × C').
  package func strip(_ rows: Range<Int>, of layer: Int) -> [SIMD4<Float>] {
    let strip = split.map.strip(rows)
    return [SIMD4<Float>](unsafeUninitializedCapacity: strip.pixelCount) {
      room, initialized in
      room.initialize(repeating: .zero)
      let room = SharedMemory(room)
      func write<Sample: FixedWidthInteger & Sendable>(
        _ samples: [Sample], _ channels: Int
      ) {
        let most = Double(Sample.max)
        split.forEachPixel(strip, samples, channels, inLight: true, only: layer)
        { pixel, color, alpha, ideal, _ in
          ideal.solve(color.mapped { light[Int($0)] })
          guard let place = ideal.place(of: layer) else { return }
          let share = ideal.shares[place] * alpha / most
          room.start[pixel] = SIMD4<Float>(
            SIMD4(share * ideal.colors[place], share))
        }
      }
      switch split.pixels(rows) {
      case .eight(let raster): write(raster.samples, raster.channels.count)
      case .sixteen(let raster): write(raster.samples, raster.channels.count)
      }
      initialized = strip.pixelCount
    }
  }
}
