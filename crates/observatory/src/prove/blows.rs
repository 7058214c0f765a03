//! What each kill of a run hits: a function of the seed.

use crate::child::Post;
use crate::seeded::{Stream, draw, draw_below};
use crate::up::Role;

/// What a kill hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Blow {
    /// Everything there is, at once.
    Everything,
    /// Processes of roles, at once; whoever supervises them goes on.
    Roles(Vec<Post>),
}

/// The sort of a blow; ten of a row are these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    One(Role),
    Two,
    Everything,
}

/// Processors most often, and every role among the first five.
const SORTS: [Sort; 10] = [
    Sort::One(Role::Processor),
    Sort::One(Role::Gateway),
    Sort::One(Role::MetricsEngine),
    Sort::One(Role::ReadModel),
    Sort::One(Role::WebUi),
    Sort::One(Role::Processor),
    Sort::Two,
    Sort::One(Role::Processor),
    Sort::Everything,
    Sort::One(Role::Processor),
];

/// The blows of `kills` kills on processes that serve `posts`; on one process where there are none.
pub(super) fn blows(seed: u64, kills: u64, posts: &[Post]) -> Vec<Blow> {
    if posts.is_empty() {
        return (0..kills).map(|_| Blow::Everything).collect();
    }
    let mut sorts: Vec<(u64, Sort)> = (0..kills)
        .zip(SORTS.into_iter().cycle())
        .map(|(kill, sort)| (draw(seed, Stream::BlowSort, kill), sort))
        .collect();
    sorts.sort_by_key(|(order, _)| *order);
    let sorts = sorts.into_iter().map(|(_, sort)| sort);
    (0..kills)
        .zip(sorts)
        .map(|(kill, sort)| blow(seed, kill, sort, posts))
        .collect()
}

fn blow(seed: u64, kill: u64, sort: Sort, posts: &[Post]) -> Blow {
    match sort {
        Sort::Everything => Blow::Everything,
        Sort::One(role) => {
            let copies: Vec<Post> = posts.iter().copied().filter(|post| post.role == role).collect();
            Blow::Roles(
                one_of(seed, Stream::BlowPost, kill, &copies)
                    .into_iter()
                    .collect(),
            )
        }
        Sort::Two => {
            let first = one_of(seed, Stream::BlowPost, kill, posts);
            let others: Vec<Post> = posts
                .iter()
                .copied()
                .filter(|post| Some(*post) != first)
                .collect();
            let second = one_of(seed, Stream::BlowSecond, kill, &others);
            Blow::Roles(first.into_iter().chain(second).collect())
        }
    }
}

fn one_of(seed: u64, stream: Stream, kill: u64, posts: &[Post]) -> Option<Post> {
    let place = draw_below(seed, stream, kill, posts.len() as u64);
    posts.get(usize::try_from(place).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::child::Fleet;

    fn posts(processors: u16) -> Vec<Post> {
        let bin_dir = None;
        Fleet { processors, bin_dir }.posts()
    }

    fn hit(blow: &Blow, role: Role) -> bool {
        matches!(blow, Blow::Roles(hit) if hit.len() == 1 && hit[0].role == role)
    }

    #[test]
    fn one_process_is_hit_as_a_whole() {
        assert_eq!(blows(1, 3, &[]), vec![Blow::Everything; 3]);
    }

    #[test]
    fn the_same_seed_hits_the_same_processes() {
        assert_eq!(blows(1, 20, &posts(2)), blows(1, 20, &posts(2)));
        assert_ne!(blows(1, 20, &posts(2)), blows(2, 20, &posts(2)));
        assert!(blows(1, 0, &posts(2)).is_empty());
    }

    #[test]
    fn five_kills_hit_every_role_and_ten_hit_two_and_everything_as_well() {
        for seed in 0..50 {
            let five = blows(seed, 5, &posts(2));
            assert!(
                Role::ALL
                    .iter()
                    .all(|role| five.iter().any(|blow| hit(blow, *role)))
            );
            let ten = blows(seed, 10, &posts(2));
            let count = |test: &dyn Fn(&Blow) -> bool| ten.iter().filter(|blow| test(blow)).count();
            assert_eq!(count(&|blow| hit(blow, Role::Processor)), 4);
            assert_eq!(count(&|blow| hit(blow, Role::Gateway)), 1);
            assert_eq!(count(&|blow| *blow == Blow::Everything), 1);
            let two = |blow: &Blow| matches!(blow, Blow::Roles(hit) if hit.len() == 2 && hit[0] != hit[1]);
            assert_eq!(count(&two), 1);
        }
    }

    #[test]
    fn each_of_several_processors_is_hit() {
        let blows = blows(7, 100, &posts(3));
        for copy in 0..3 {
            let processor = Post {
                role: Role::Processor,
                copy,
            };
            assert!(blows.contains(&Blow::Roles(vec![processor])), "{copy}");
        }
    }
}
