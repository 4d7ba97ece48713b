import ParallelWork

/// The layers at each pixel of some rows, before anything is rounded.
struct LayerShares: Sendable {
  let rows: Range<Int>
  let width: Int

  /// The most layers at a pixel.
  let truncation: Int

  /// For each pixel its alpha, 0 to 1, its colour, and the number of its layers.
  private(set) var alphas: [Double]
  private(set) var pixels: [SIMD3<Double>]
  private(set) var counts: [Int]

  /// For each entry its layer, that one's share of the pixel, and its colour.
  private(set) var layers: [Int]
  private(set) var shares: [Double]
  private(set) var colors: [SIMD3<Double>]

  init(_ rows: Range<Int>, _ width: Int, truncation: Int) {
    self.rows = rows
    self.width = width
    self.truncation = truncation
    let count = rows.count * width
    alphas = [Double](repeating: 0, count: count)
    pixels = [SIMD3<Double>](repeating: .zero, count: count)
    counts = [Int](repeating: 0, count: count)
    layers = [Int](repeating: 0, count: count * truncation)
    shares = [Double](repeating: 0, count: count * truncation)
    colors = [SIMD3<Double>](repeating: .zero, count: count * truncation)
  }

  /// The entries of a pixel.
  func entries(of pixel: Int) -> Range<Int> {
    pixel * truncation..<pixel * truncation + counts[pixel]
  }

  /// Room that threads write to.
  struct Room: Sendable {
    fileprivate let truncation: Int
    fileprivate let alphas: SharedMemory<Double>
    fileprivate let pixels: SharedMemory<SIMD3<Double>>
    fileprivate let counts: SharedMemory<Int>
    fileprivate let layers: SharedMemory<Int>
    fileprivate let shares: SharedMemory<Double>
    fileprivate let colors: SharedMemory<SIMD3<Double>>

    /// Writes a pixel.
    func write(
      _ ideal: LayerColors, _ color: SIMD3<Double>, _ alpha: Double,
      to pixel: Int
    ) {
      alphas.start[pixel] = alpha
      pixels.start[pixel] = color
      counts.start[pixel] = ideal.count
      for i in 0..<ideal.count {
        layers.start[pixel * truncation + i] = ideal.layers[i]
        shares.start[pixel * truncation + i] = ideal.shares[i]
        colors.start[pixel * truncation + i] = ideal.colors[i]
      }
    }
  }

  /// Gives room for all pixels.
  mutating func withRoom(_ body: (Room) -> Void) {
    alphas.withUnsafeMutableBufferPointer { alphas in
      pixels.withUnsafeMutableBufferPointer { pixels in
        counts.withUnsafeMutableBufferPointer { counts in
          layers.withUnsafeMutableBufferPointer { layers in
            shares.withUnsafeMutableBufferPointer { shares in
              colors.withUnsafeMutableBufferPointer { colors in
                body(
                  Room(
                    truncation: truncation, alphas: SharedMemory(alphas),
                    pixels: SharedMemory(pixels),
                    counts: SharedMemory(counts),
                    layers: SharedMemory(layers),
                    shares: SharedMemory(shares),
                    colors: SharedMemory(colors)))
              }
            }
          }
        }
      }
    }
  }
}
