"""Training in a subspace, theta = theta0 + P z, as it is done in PyTorch: P by autograd. Written from the formulas."""
import math
import torch


def subspace_loss(model, z, make):
    """The loss of a batch at theta0 + P z; `make(D, d)` gives P, and gradients reach z through it."""
    start = {name: parameter.detach() for name, parameter in model.named_parameters()}
    sizes = [value.numel() for value in start.values()]
    project = make(sum(sizes), z.numel())

    def loss_of(batch):
        moves = torch.split(project(z), sizes)
        theta = {name: value + move.view_as(value) for (name, value), move in zip(start.items(), moves)}
        return torch.func.functional_call(model, theta, kwargs=batch).loss

    return loss_of


def hadamard(x):
    """
    H x, unnormalised, for a vector x of 2^k numbers: k sums and differences of halves, each along one of k axes of size 2
    and written to a new tensor, as the published implementations of Fastfood do on a CPU.
    """
    levels = x.numel().bit_length() - 1
    cube = x.view([2] * levels)
    for axis in range(levels):
        first, second = cube.chunk(2, dim=axis)
        cube = torch.cat([first + second, first - second], dim=axis)
    return cube.reshape(-1)


class Hadamard(torch.autograd.Function):
    """H x; H is symmetric, so the gradient is H times the gradient. (The published code divides it by sqrt(2^k) by mistake.)"""

    @staticmethod
    def forward(ctx, x):
        return hadamard(x)

    @staticmethod
    def backward(ctx, gradient):
        return hadamard(gradient.contiguous())


def fastfood(D, d):
    """
    One global Fastfood over L = D rounded up to a power of two: P z = H G Pi H B [z; 0], cut to D rows, over
    sqrt(D) ||G||. Le, Sarlos, Smola 2013 (Fastfood, ICML); Aghajanyan et al. 2020 (arXiv 2012.13255), equation 3.
    """
    L = 1 << (D - 1).bit_length()
    B = torch.randint(0, 2, (L,)).float() * 2 - 1
    Pi = torch.randperm(L)
    G = torch.randn(L)
    scale = 1 / (math.sqrt(D) * G.norm().item())

    def project(z):
        padded = torch.nn.functional.pad(z, (0, L - d))
        mixed = Hadamard.apply(padded * B)[Pi] * G
        return Hadamard.apply(mixed)[:D] * scale

    return project


def one_hot(D, d):
    """Each weight follows one coordinate, drawn independently, over the root of the coordinate's count; Uni-LoRA, arXiv 2506.00799."""
    coordinate = torch.randint(0, d, (D,))
    scale = torch.bincount(coordinate, minlength=d).clamp(min=1).rsqrt()
    # index_select's own gradient is an index_add.
    return lambda z: (z * scale).index_select(0, coordinate)
