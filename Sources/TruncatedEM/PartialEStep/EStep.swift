/// Among which components an E-step looks for the C' that a point keeps.
public enum EStep: Hashable, Sendable {
  /// Among all: K_n holds the C' closest of all components.
  case exact

  /// Among those near the ones that it kept last: K_n holds the C' closest of
  /// its members so far and of their neighbourhoods.
  ///
  /// The neighbourhood of a component is the component itself and the others
  /// that are closest to it, as many together as the number says, at least 1;
  /// it follows the means from iteration to iteration. The first E-step of a
  /// fit is exact. No later one can lower F, because K_n is among its own
  /// candidates, but F may end below that of exact E-steps; with as many
  /// neighbours as there are components it is the same.
  ///
  /// With it, F and J of an iteration are those of its K_n (D. Forster and J.
  /// Lücke, "Can clustering scale sublinearly with its clusters? A variational
  /// EM acceleration of GMMs and k-means", AISTATS 2018, arXiv 1711.03431;
  /// docs/guides/partial-e-step.md).
  case neighbourhood(Int)

  /// What measures faster without being noticeably worse: neighbourhoods of 8
  /// from 16,384 components on where C' > 1, and exact E-steps elsewhere, whose
  /// pruning is the faster way there.
  ///
  /// - Parameters:
  ///   - components: C.
  ///   - truncation: C'.
  ///   - dimension: D; beyond ``WeightedPoints/fastDimension`` E-steps are exact.
  /// - Returns: The kind of E-step.
  public static func fastest(
    components: Int, truncation: Int,
    dimension: Int = WeightedPoints.fastDimension
  ) -> EStep {
    components >= 16_384 && truncation > 1
      && dimension <= WeightedPoints.fastDimension
      ? .neighbourhood(8) : .exact
  }
}
