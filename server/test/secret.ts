/** One platform's secret for all test databases. */
export const testSecret = 'kd7Qm2xT9pLk4RwZ8sYc3HdF6gBj1aVe0uXi5oNt';
