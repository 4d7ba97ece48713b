import ParallelWork
public import Quantization
public import Rasters
import TruncatedEM

/// Moves colours of an image, and leaves the rest as it is.
///
/// Each component c of a mixture that is fitted to the image has a colour m_c, and may
/// get another one. A pixel y is made of colours u_c = m_c + y − Σ_c q(c) m_c, as much of
/// each as the component is responsible for it, and each of them goes its way T_c:
///
///     y' = y + Σ_c q(c) (T_c(u_c) − u_c)
///
/// in the working space (docs/theory.md, recolouring). Pixels in which only components
/// have a share that stay where they are keep every bit.
public struct Recoloring: Sendable {
  /// What becomes of the lightness of what is moved.
  public enum Lightness: String, CaseIterable, Sendable {
    /// It moves with the colour.
    case move

    /// Every pixel keeps its own.
    case keep
  }

  /// A component that gets another colour.
  public struct Target: Sendable {
    /// The component.
    public let component: Int

    /// Its colour.
    public let color: RGBColor

    /// The colour that it gets.
    public let goal: RGBColor

    /// The number of the move that it belongs to.
    public let move: Int

    /// The move whose turn of hue, chroma and lightness all pixels of the component
    /// make; `nil` where they go as far as its colour does.
    public let turn: ColorMove?

    /// A component, its colour, and the one that it gets.
    ///
    /// - Parameters:
    ///   - component: The component.
    ///   - color: Its colour.
    ///   - goal: The colour that it gets.
    ///   - move: The number of the move that it belongs to.
    ///   - turn: The move that its pixels make, if they are to keep their shading.
    public init(
      component: Int, color: RGBColor, goal: RGBColor, move: Int,
      turn: ColorMove? = nil
    ) {
      self.turn = turn
      self.component = component
      self.color = color
      self.goal = goal
      self.move = move
    }
  }

  /// The sum of each component's responsibilities, as a share of all pixels.
  public let shares: [Double]

  /// The fit.
  private let fitted: FittedPalette

  private let ranks: ColorRanks

  /// For each distinct colour the new one: red, green and blue, in 8 or 16 bits.
  private let colors: [SIMD3<UInt16>]

  /// Whether samples have 16 bits.
  private let isDeep: Bool

  private let workers: Workers

  /// Finds the components of colours.
  ///
  /// - Parameters:
  ///   - moves: The component whose colour is nearest to `from` gets the colour
  ///     `to`.
  ///   - fitted: The mixture.
  ///   - shades: Degrees of hue, 0 to 180. Other components of about the hue of
  ///     `from` are shades of it, in light or in shadow, and become the same shades
  ///     of `to`: see ``HueFamily``. 0 leaves them.
  /// - Returns: A component for each move, and then those of the shades.
  /// - Throws: `SegmentationError.sameComponent` where two moves are of the same
  ///   component, or `.nothingVisible`.
  /// - Complexity: O(moves × components).
  public static func targets(
    of moves: [ColorMove], _ fitted: FittedPalette, shades: Double = 0
  ) throws(SegmentationError) -> [Target] {
    guard !fitted.histogram.visible.isEmpty else { throw .nothingVisible }
    let components = OpaqueComponents(fitted)
    var targets: [Target] = []
    let gamut = fitted.space.gamut
    let families = moves.map { HueFamily($0, within: shades, gamut) }
    for (n, move) in moves.enumerated() {
      guard let component = components.nearest(to: move.from) else {
        throw .nothingVisible
      }
      if let other = targets.first(where: { $0.component == component }) {
        throw .sameComponent(moves[other.move].from, move.from)
      }
      targets.append(
        Target(
          component: component, color: components.color(of: component),
          goal: move.to, move: n, turn: families[n].hasHue ? move : nil))
    }
    let taken = Set(targets.map(\.component))
    for component in components.visible where !taken.contains(component) {
      let color = components.color(of: component)
      // The family whose hue is nearest.
      let nearest = families.indices.compactMap { n in
        families[n].distance(to: color).map { (n, $0) }
      }.min { $0.1 < $1.1 }
      guard let (n, _) = nearest else { continue }
      targets.append(
        Target(
          component: component, color: color,
          goal: families[n].goal(of: color), move: n, turn: moves[n]))
    }
    return targets
  }

  /// Prepares to move colours.
  ///
  /// - Parameters:
  ///   - targets: The components that get other colours; none twice.
  ///   - fitted: The mixture, fitted to the image.
  ///   - lightness: What becomes of the lightness.
  ///   - isDeep: Whether the image has 16 bits a sample.
  ///   - threads: The most threads to use; the result does not depend on it.
  /// - Throws: `SegmentationError.lightness` where the working space has none, or
  ///   `.fit`.
  /// - Complexity: O(distinct colours × C').
  public init(
    _ targets: [Target], _ fitted: FittedPalette, lightness: Lightness = .move,
    isDeep: Bool, threads: Int = 1
  ) throws(SegmentationError) {
    let space = fitted.space.ofColors
    guard lightness == .move || [.oklab, .lab].contains(space.working) else {
      throw .lightness
    }
    self.fitted = fitted
    self.isDeep = isDeep
    workers = Workers(threads: threads)
    ranks = ColorRanks(fitted.histogram)
    let components = OpaqueComponents(fitted)
    var ways = [ColorWay?](
      repeating: nil, count: fitted.fit.model.components)
    // A colour that stays is not moved by what its mean was rounded.
    for target in targets where target.goal != target.color {
      ways[target.component] =
        if let turn = target.turn, turn.from != turn.to {
          .turn(HueFamily(turn, within: 0, space.gamut))
        } else {
          .step(
            space.opaquePoint(target.goal)
              - components.points[target.component])
        }
    }
    let posterior: Posterior?
    do {
      posterior = try fitted.posterior(threads: threads)
    } catch {
      throw .fit(error)
    }
    let mixture = ColorMixture(
      fitted: fitted, ways: ways, means: components, space: space,
      keepsLightness: lightness == .keep, isDeep: isDeep)
    colors = mixture.colors(posterior, workers)
    shares = mixture.shares(posterior)
  }

  /// Moves the colours of an image, or of some rows of it.
  ///
  /// - Parameter pixels: Pixels of the image that the mixture was fitted to.
  /// - Returns: As many, of the same depth; without alpha where the whole image has
  ///   none.
  /// - Complexity: O(pixels).
  public func applied(to pixels: Pixels) -> Pixels {
    let pixels = fitted.histogram.adapted(pixels)
    switch pixels {
    case .eight(let raster):
      return .eight(
        Raster(
          size: raster.size, channels: raster.channels,
          samples: samples(raster.samples, raster.channels.count, pixels)))
    case .sixteen(let raster):
      return .sixteen(
        DeepRaster(
          size: raster.size, channels: raster.channels,
          samples: samples(raster.samples, raster.channels.count, pixels)))
    }
  }

  private func samples<Sample: FixedWidthInteger & Sendable>(
    _ samples: [Sample], _ channels: Int, _ pixels: Pixels
  ) -> [Sample] {
    precondition((Sample.bitWidth == 16) == isDeep)
    let first = fitted.histogram.visible.lowerBound
    let count = pixels.size.pixelCount
    let pieces = max(1, min(256, count / 65_536))
    return [Sample](unsafeUninitializedCapacity: samples.count) {
      room, initialized in
      let room = SharedMemory(room)
      samples.withUnsafeBufferPointer { samples in
        let samples = SharedSource(samples)
        workers.forEach(pieces) { piece in
          let range = (0..<count).piece(piece, of: pieces)
          colors.withUnsafeBufferPointer { colors in
            ranks.forEach(range, of: pixels) { place, color in
              let start = channels * (range.lowerBound + place)
              // What is fully transparent keeps the colour that nobody sees.
              if color < first {
                for s in 0..<channels {
                  room.start[start + s] = samples.buffer[start + s]
                }
                return
              }
              let moved = colors[color - first]
              for s in 0..<3 {
                room.start[start + s] = Sample(truncatingIfNeeded: moved[s])
              }
              if channels == 4 {
                room.start[start + 3] = samples.buffer[start + 3]
              }
            }
          }
        }
      }
      initialized = samples.count
    }
  }
}
