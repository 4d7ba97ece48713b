public import ArgumentParser
public import TruncatedEM

extension MixingWeights: ExpressibleByArgument {}

extension CovarianceType: ExpressibleByArgument {}
