internal import CKernels
import CLibrary

/// What the machine can run.
enum InstructionSet {
  /// Whether the kernels in C are used; their results are those of the portable
  /// code. `QUANTIZE_PORTABLE=1` in the environment leaves them out, for
  /// comparison.
  static let hasKernels =
    qk_available() && getenv("QUANTIZE_PORTABLE") == nil
}
