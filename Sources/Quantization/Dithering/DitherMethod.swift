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

  /// Whether what a pixel gets depends on its own colour and place alone.
  public var isLocal: Bool {
    switch self {
    case .none, .ordered: true
    case .errorDiffusion, .riemersma: false
    }
  }
}
