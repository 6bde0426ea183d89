int
main(void)
{
	struct ray ray = { 0 };

	return ray.colour
}
