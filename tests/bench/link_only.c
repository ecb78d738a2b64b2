/* SPDX-License-Identifier: Apache-2.0 */
/* Linked against what sfetl is linked against, and nothing more: the floor of
 * its start-up time. */
int
main(void)
{
    return 0;
}
