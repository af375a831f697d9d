/** What columns of known accuracies are called; others go by their own names. */
export const accuracyColumns: Readonly<Record<string, string>> = {
  cifar10_test_acc: 'CIFAR-10',
  cifar100_test_acc: 'CIFAR-100',
  imagenet16_120_test_acc: 'ImageNet16-120',
  cifar10_valid_acc: 'CIFAR-10',
  cifar100_valid_acc: 'CIFAR-100',
  imagenet16_120_valid_acc: 'ImageNet16-120',
};
