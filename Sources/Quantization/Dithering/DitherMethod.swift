/// How the colours between those of a palette are imitated by mixing pixels.
public enum DitherMethod: Hashable, Sendable {
  /// Not at all: each pixel gets the nearest colour.
  case none

  /// Error diffusion by a kernel.
  case errorDiffusion(DiffusionKernel)

  /// Error diffusion along a Hilbert curve (T. Riemersma, "A balanced dithering
  /// technique", C/C++ Users Journal 16(12), 1998).
  case riemersma

  /// An ordered dithering by a threshold texture.
  case ordered(OrderedPattern)
}

extension DitherMethod {
  /// The methods there are.
  public static let all: [DitherMethod] =
    [.none] + DiffusionKernel.allCases.map { .errorDiffusion($0) }
    + [.riemersma, .ordered(.blueNoise)]
    + OrderedPattern.BayerSize.allCases.map { .ordered(.bayer($0)) }

  /// The name by which the command line and reports know it.
  public var name: String {
    switch self {
    case .none: "none"
    case .errorDiffusion(let kernel): kernel.rawValue
    case .riemersma: "riemersma"
    case .ordered(.blueNoise): "blue-noise"
    case .ordered(.bayer(let size)): "bayer\(size.rawValue)"
    }
  }

  /// The method of a name, or `nil` where there is none; `bayer` alone is of 8
  /// rows.
  public init?(name: String) {
    let name = name == "bayer" ? "bayer8" : name
    guard let method = Self.all.first(where: { $0.name == name }) else {
      return nil
    }
    self = method
  }
}
